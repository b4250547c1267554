import { instruments as correlator } from '../../receivers/correlator/metrics.ts';
import { instruments as podProber } from '../../receivers/pod-prober/metrics.ts';
import { bootMetrics } from '../../receivers/log-tailer/boot/boot-families.ts';
import { logMetrics } from '../../receivers/log-tailer/logs/log-families.ts';
import { meshMetrics } from '../../receivers/rtt-aggregator/core/mesh-families.ts';
import { ownMetrics } from '../../receivers/rtt-aggregator/core/own-families.ts';
import { protocolMetrics } from '../../receivers/rtt-pinger/core/protocol-families.ts';
import { rttMetrics } from '../../receivers/rtt-pinger/core/rtt-families.ts';
import { methodMetric, selfMetrics } from '../../receivers/rtt-pinger/core/self-families.ts';
import type { Family } from '../../receivers/shared/metrics/families.ts';
import { prometheusName } from '../../receivers/shared/metrics/exposition.ts';

interface Metric {
  readonly name: string;
  readonly unit: string;
  /** Where the program serves it on `/metrics` itself. */
  readonly kind?: Family['kind'];
  readonly description: string;
}

/** The metrics of each receiver, from the tables that it makes them by. */
export const metricsOf: Readonly<Record<string, readonly Metric[]>> = {
  'pod-prober': Object.values(podProber),
  correlator,
  'rtt-pinger': [
    ...Object.values(rttMetrics),
    ...Object.values(protocolMetrics),
    ...selfMetrics,
    methodMetric,
  ],
  'rtt-aggregator': [...Object.values(meshMetrics), ...ownMetrics],
  'log-tailer': [...Object.values(bootMetrics), ...Object.values(logMetrics)],
};

/** Receivers that Prometheus can ask themselves. */
const asked: ReadonlySet<string> = new Set(['rtt-pinger', 'rtt-aggregator', 'log-tailer']);

/** Rows of name, name on `/metrics`, unit and meaning. */
export function metricRows(receiver: string): string[][] {
  return (metricsOf[receiver] ?? []).map((metric) => [
    `\`${metric.name}\``,
    ...(asked.has(receiver)
      ? [`\`${prometheusName({ ...metric, kind: metric.kind ?? 'gauge' })}\``]
      : []),
    `\`${metric.unit}\``,
    metric.description,
  ]);
}

/** Head of those rows. */
export function metricHead(receiver: string): string[] {
  return ['metric', ...(asked.has(receiver) ? ['on `/metrics`'] : []), 'unit', 'meaning'];
}
