import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

import type { Log } from './log.ts';
import { certificateFiles, createRenewingExporter } from './renewing-exporter.ts';
import type { LossLog } from './telemetry-loss.ts';
import { batchLimits, metricLimits, type MetricLimits } from './telemetry-limits.ts';
import {
  createRetryingExporter,
  type RetryingExporter,
  type RetryOptions,
} from './retrying-exporter.ts';

/** A batch is tried for as long as a roll of the collector takes; the queue behind it has room meanwhile. */
export const retryRules = { backoff: { baseMs: 250, capMs: 5000 }, giveUpAfterMs: 300_000 };

type Signal = 'traces' | 'metrics' | 'logs';

/** Whether an environment variable says something: empty means unset. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

/** Whether a signal is to be exported: an endpoint is known and its exporter is not `none`. */
export function exportsSignal(
  signal: Signal,
  endpoint: string | undefined,
  env: NodeJS.ProcessEnv,
): boolean {
  const name = signal.toUpperCase();
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return false;
  if (env[`OTEL_${name}_EXPORTER`]?.split(',').some((each) => each.trim() === 'none') === true) {
    return false;
  }
  const endpoints = [
    endpoint,
    env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    env[`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`],
  ];
  return endpoints.some(isSet);
}

/** What stands between the spans and their exporter. */
interface Queue {
  readonly capacity: number;
  /** Spans that have left it. */
  readonly left: () => number;
  /** A span found no place. */
  readonly onFull: () => void;
}

/** Counts ended spans before a processor that drops them without a word when its queue is full. */
function countEnded(
  inner: SpanProcessor,
  queue: Queue,
): { processor: SpanProcessor; ended: () => number } {
  let ended = 0;
  let turnedAway = 0;
  const count = (): void => {
    if (ended - turnedAway - queue.left() >= queue.capacity) {
      turnedAway++;
      queue.onFull();
    }
    ended++;
  };
  return {
    ended: () => ended,
    processor: {
      onStart: (span, context) => inner.onStart(span, context),
      onEnd: (span) => {
        if ((span.spanContext().traceFlags & 1) !== 0) count();
        inner.onEnd(span);
      },
      forceFlush: () => inner.forceFlush(),
      shutdown: () => inner.shutdown(),
    },
  };
}

/** The ways out of the process, with what they count. */
export interface Pipelines {
  readonly spans: RetryingExporter<ReadableSpan[]> | undefined;
  readonly metrics: RetryingExporter<ResourceMetrics> | undefined;
  readonly processor: SpanProcessor;
  readonly ended: () => number;
  readonly metricExporter: PushMetricExporter | undefined;
  readonly metricLimits: MetricLimits;
}

interface PipelineSettings {
  readonly endpoint: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** An exporter and how many items it was given. */
function countTaken(exporter: RetryingExporter<ReadableSpan[]>): {
  readonly exporter: RetryingExporter<ReadableSpan[]>;
  readonly taken: () => number;
} {
  let taken = 0;
  return {
    taken: () => taken,
    exporter: {
      ...exporter,
      export: (batch, done) => {
        taken += batch.length;
        exporter.export(batch, done);
      },
    },
  };
}

/** Makes the ways out for spans and metrics; where nothing is to be exported spans only pass through. */
export async function createPipelines(
  settings: PipelineSettings,
  stop: AbortSignal,
  losses: LossLog,
): Promise<Pipelines> {
  const { endpoint, env } = settings;
  const limits = { batch: batchLimits(settings), metric: metricLimits(settings) };
  const target = endpoint === undefined ? {} : { url: endpoint };
  const base = (
    signal: Exclude<Signal, 'logs'>,
    timeoutMs: number,
  ): Omit<RetryOptions<never>, 'size'> => ({
    ...retryRules,
    giveUpAfterMs: Math.min(retryRules.giveUpAfterMs, timeoutMs),
    stop,
    random: Math.random,
    onLoss: (count, reason, why) => losses.lose({ signal, reason, count }, why),
  });
  const [{ BatchSpanProcessor, NoopSpanProcessor }, traces, metrics] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    exportsSignal('traces', endpoint, env)
      ? import('@opentelemetry/exporter-trace-otlp-grpc')
      : undefined,
    exportsSignal('metrics', endpoint, env)
      ? import('@opentelemetry/exporter-metrics-otlp-grpc')
      : undefined,
  ]);
  const spanRetry: RetryOptions<ReadableSpan[]> = {
    ...base('traces', limits.batch.exportTimeoutMillis),
    size: (batch) => batch.length,
  };
  const spans =
    traces === undefined
      ? undefined
      : countTaken(
          createRetryingExporter(
            createRenewingExporter<ReadableSpan[]>(
              () => new traces.OTLPTraceExporter(target),
              certificateFiles('traces', env),
            ),
            spanRetry,
          ),
        );
  const counted = countEnded(
    spans === undefined
      ? new NoopSpanProcessor()
      : new BatchSpanProcessor({ exporter: spans.exporter, ...limits.batch }),
    {
      capacity: spans === undefined ? Number.POSITIVE_INFINITY : limits.batch.maxQueueSize,
      left: () => spans?.taken() ?? 0,
      onFull: () =>
        losses.lose({ signal: 'traces', reason: 'queue_full', count: 1 }, 'the queue is full'),
    },
  );
  const common = { spans: spans?.exporter, ...counted, metricLimits: limits.metric };
  if (metrics === undefined) return { ...common, metrics, metricExporter: undefined };
  const first = new metrics.OTLPMetricExporter(target);
  const metricRetry: RetryOptions<ResourceMetrics> = {
    ...base('metrics', limits.metric.exportTimeoutMillis),
    size: () => 1,
  };
  const retrying = createRetryingExporter(
    createRenewingExporter<ResourceMetrics>(
      () => new metrics.OTLPMetricExporter(target),
      certificateFiles('metrics', env),
    ),
    metricRetry,
  );
  const metricExporter: PushMetricExporter = {
    export: (batch, done) => retrying.export(batch, done),
    forceFlush: () => retrying.forceFlush(),
    shutdown: () => retrying.shutdown(),
    selectAggregation: first.selectAggregation.bind(first),
    selectAggregationTemporality: first.selectAggregationTemporality.bind(first),
  };
  return { ...common, metrics: retrying, metricExporter };
}
