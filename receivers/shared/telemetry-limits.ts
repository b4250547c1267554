import type { Log } from './log.ts';

interface Environment {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** A whole number of at least 1 from a variable; anything else is warned about and not used. */
function positive(name: string, ours: number, { env, log }: Environment): number {
  const text = env[name]?.trim();
  if (text === undefined || text === '') return ours;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  log.warn({ name, value: text, used: ours }, 'expected a whole number of at least 1');
  return ours;
}

/** How spans are queued and sent, in the terms of the SDK. */
export interface BatchLimits {
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
}

/** The OTEL_BSP_* variables; by default there is room for the spans of a burst of 3,000 probes. */
export function batchLimits(from: Environment): BatchLimits {
  const maxQueueSize = positive('OTEL_BSP_MAX_QUEUE_SIZE', 32_768, from);
  const batch = positive('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, from);
  return {
    maxQueueSize,
    maxExportBatchSize: Math.min(batch, maxQueueSize),
    scheduledDelayMillis: positive('OTEL_BSP_SCHEDULE_DELAY', 500, from),
    exportTimeoutMillis: positive('OTEL_BSP_EXPORT_TIMEOUT', 300_000, from),
  };
}

/** How often metrics are sent, in the terms of the SDK; the timeout is never longer than the interval. */
export interface MetricLimits {
  readonly exportIntervalMillis: number;
  readonly exportTimeoutMillis: number;
}

/** The OTEL_METRIC_EXPORT_* variables. */
export function metricLimits(from: Environment): MetricLimits {
  const exportIntervalMillis = positive('OTEL_METRIC_EXPORT_INTERVAL', 60_000, from);
  const timeout = positive('OTEL_METRIC_EXPORT_TIMEOUT', exportIntervalMillis, from);
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(timeout, exportIntervalMillis) };
}
