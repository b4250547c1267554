import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { certificateFiles, createRenewingExporter } from './renewing-exporter.ts';
import { createRetryingExporter } from './retrying-exporter.ts';
import type { LossLog } from './telemetry-loss.ts';
import { exportsSignal, retryRules } from './telemetry-pipelines.ts';

/** Records are few: what a program concludes, not what it does. */
const limits = {
  maxQueueSize: 2048,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 500,
  exportTimeoutMillis: retryRules.giveUpAfterMs,
};

/** The way out for log records, by OTLP over gRPC; none where none are to be exported. */
export async function createLogProcessors(
  settings: { readonly endpoint: string | undefined; readonly env: NodeJS.ProcessEnv },
  stop: AbortSignal,
  losses: LossLog,
): Promise<LogRecordProcessor[]> {
  const { endpoint, env } = settings;
  if (!exportsSignal('logs', endpoint, env)) return [];
  const [{ BatchLogRecordProcessor }, { OTLPLogExporter }] = await Promise.all([
    import('@opentelemetry/sdk-logs'),
    import('@opentelemetry/exporter-logs-otlp-grpc'),
  ]);
  const target = endpoint === undefined ? {} : { url: endpoint };
  const exporter = createRetryingExporter<ReadableLogRecord[]>(
    createRenewingExporter(() => new OTLPLogExporter(target), certificateFiles('logs', env)),
    {
      ...retryRules,
      size: (batch) => batch.length,
      stop,
      random: Math.random,
      onLoss: (count, reason, why) => losses.lose({ signal: 'logs', reason, count }, why),
    },
  );
  return [new BatchLogRecordProcessor({ exporter, ...limits })];
}
