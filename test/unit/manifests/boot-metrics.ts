import { bootMetrics } from '../../../receivers/log-tailer/boot/boot-families.ts';
import { logMetrics } from '../../../receivers/log-tailer/logs/log-families.ts';
import { prometheusName } from '../../../receivers/shared/metrics/exposition.ts';

/** Names that Prometheus knows the metrics of log tailers by. */
export const bootMetricNames: readonly string[] = [
  ...Object.values(bootMetrics),
  ...Object.values(logMetrics),
].map(prometheusName);
