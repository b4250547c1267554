import { ValueType, type HrTime } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';

import type { ExponentialHistogram } from './exponential-histogram.ts';
import type { Family, Points } from './families.ts';

export interface ProducerOptions {
  readonly families: () => readonly Family[];
  readonly scope: { readonly name: string; readonly version: string };
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

/**
 * Hands our own families to the SDK's exporter whenever it collects: the SDK would go on telling the series of a peer that has
 * gone, and would keep every sample's attributes. Exemplars are left out: neither the SDK's data points nor its serializer for
 * OTLP (otlp-transformer 0.301.0) have any.
 */
export function createFamilyProducer(options: ProducerOptions): MetricProducer {
  const startTime = hrTime(options.nowMs());

  function metric(family: Family, endTime: HrTime): MetricData {
    const { name, description, unit } = family;
    const common = {
      descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
    };
    const times = { startTime, endTime };
    switch (family.kind) {
      case 'histogram':
        return {
          ...common,
          dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
          dataPoints: points(family.points, times, histogramValue),
        };
      case 'counter':
        return {
          ...common,
          dataPointType: DataPointType.SUM,
          isMonotonic: true,
          dataPoints: points(family.points, times, (value) => value),
        };
      case 'gauge':
        return {
          ...common,
          dataPointType: DataPointType.GAUGE,
          dataPoints: points(family.points, times, (value) => value),
        };
    }
  }

  return {
    collect: () => {
      const endTime = hrTime(options.nowMs());
      const metrics = options
        .families()
        .map((family) => metric(family, endTime))
        .filter(({ dataPoints }) => dataPoints.length > 0);
      const scopeMetrics = [{ scope: options.scope, metrics }];
      return Promise.resolve({
        resourceMetrics: { resource: emptyResource(), scopeMetrics },
        errors: [],
      });
    },
  };
}

function points<Value, Out>(
  from: Points<Value>,
  times: { readonly startTime: HrTime; readonly endTime: HrTime },
  convert: (value: Value) => Out,
) {
  return Array.from(from, ({ labels, value }) => ({
    ...times,
    attributes: labels,
    value: convert(value),
  }));
}

function histogramValue(histogram: ExponentialHistogram) {
  const { count, sum, min, max, scale, zeros, offset, counts } = histogram;
  return {
    count,
    sum,
    min,
    max,
    scale,
    zeroCount: zeros,
    positive: { offset, bucketCounts: [...counts] },
    negative: { offset: 0, bucketCounts: [] },
  };
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}
