import { meshMetrics } from '../../../receivers/rtt-aggregator/core/mesh-families.ts';
import { ownMetrics } from '../../../receivers/rtt-aggregator/core/own-families.ts';
import { protocolMetrics } from '../../../receivers/rtt-pinger/core/protocol-families.ts';
import { rttMetrics } from '../../../receivers/rtt-pinger/core/rtt-families.ts';
import { methodMetric, selfMetrics } from '../../../receivers/rtt-pinger/core/self-families.ts';
import { prometheusName } from '../../../receivers/shared/metrics/exposition.ts';

const metrics = [
  ...Object.values(meshMetrics),
  ...ownMetrics,
  ...Object.values(rttMetrics),
  ...Object.values(protocolMetrics),
  ...selfMetrics,
  methodMetric,
];

/**
 * Names that Prometheus knows the metrics of pingers and aggregator by: a histogram by those of its parts, where it was scraped, and by
 * its own, where it came by OTLP.
 */
export const rttMetricNames: readonly string[] = metrics.flatMap((metric) => {
  const name = prometheusName(metric);
  const parts = metric.kind === 'histogram' ? ['_bucket', '_sum', '_count'] : [];
  return [name, ...parts.map((part) => `${name}${part}`)];
});

/** Labels of theirs whose names are like those of metrics. */
export const rttLabelNames = ['kube_latency_rtt_rollup', 'kube_latency_rtt_network'];
