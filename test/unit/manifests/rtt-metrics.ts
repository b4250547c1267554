import { meshMetrics } from '../../../receivers/rtt-aggregator/core/mesh-families.ts';
import { ownMetrics } from '../../../receivers/rtt-aggregator/core/own-families.ts';
import { protocolMetrics } from '../../../receivers/rtt-pinger/core/protocol-families.ts';
import { rttMetrics } from '../../../receivers/rtt-pinger/core/rtt-families.ts';
import { methodMetric, selfMetrics } from '../../../receivers/rtt-pinger/core/self-families.ts';
import { prometheusName } from '../../../receivers/shared/metrics/exposition.ts';

/** Names that Prometheus knows the metrics of pingers and aggregator by, those of histograms without what follows. */
export const rttMetricNames: readonly string[] = [
  ...Object.values(meshMetrics),
  ...ownMetrics,
  ...Object.values(rttMetrics),
  ...Object.values(protocolMetrics),
  ...selfMetrics,
  methodMetric,
].map(prometheusName);
