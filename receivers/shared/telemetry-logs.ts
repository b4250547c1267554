import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { createEagerLogProcessor } from './eager-log-processor.ts';
import { certificateFiles, createRenewingExporter } from './renewing-exporter.ts';
import { createRetryingExporter } from './retrying-exporter.ts';
import type { LossLog } from './telemetry-loss.ts';
import { exportsSignal, retryRules } from './telemetry-pipelines.ts';

/** Records are few: what a program concludes, not what it does. */
const limits = { maxQueue: 2048, maxBatch: 512 };

/** The way out for log records, by OTLP over gRPC; none where none are to be exported. */
export async function createLogProcessors(
  settings: { readonly endpoint: string | undefined; readonly env: NodeJS.ProcessEnv },
  stop: AbortSignal,
  losses: LossLog,
): Promise<LogRecordProcessor[]> {
  const { endpoint, env } = settings;
  if (!exportsSignal('logs', endpoint, env)) return [];
  const { OTLPLogExporter } = await import('@opentelemetry/exporter-logs-otlp-grpc');
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
  const onFull = (): void =>
    losses.lose({ signal: 'logs', reason: 'queue_full', count: 1 }, 'the queue is full');
  return [createEagerLogProcessor({ exporter, ...limits, onFull })];
}
