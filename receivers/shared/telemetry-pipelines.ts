import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

import {
  createRetryingExporter,
  type RetryingExporter,
  type RetryOptions,
} from './retrying-exporter.ts';

/** Room for the spans of a burst of 3,000 probes; beyond it spans are dropped and counted. */
const maxQueuedSpans = 32_768;
const batchSpans = 512;
const retry = { backoff: { baseMs: 250, capMs: 5000 }, giveUpAfterMs: 30_000 };

type Signal = 'traces' | 'metrics';

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

/** Counts ended spans before a processor that may drop them, so that drops are what is missing. */
function countEnded(inner: SpanProcessor): { processor: SpanProcessor; ended: () => number } {
  let ended = 0;
  return {
    ended: () => ended,
    processor: {
      onStart: (span, context) => inner.onStart(span, context),
      onEnd: (span) => {
        if ((span.spanContext().traceFlags & 1) !== 0) ended++;
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
}

/** Makes the ways out for spans and metrics; where nothing is to be exported spans only pass through. */
export async function createPipelines(
  settings: { readonly endpoint: string | undefined; readonly env: NodeJS.ProcessEnv },
  stop: AbortSignal,
): Promise<Pipelines> {
  const { endpoint, env } = settings;
  const target = endpoint === undefined ? {} : { url: endpoint };
  const base = { ...retry, stop, random: Math.random };
  const [{ BatchSpanProcessor, NoopSpanProcessor }, traces, metrics] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    exportsSignal('traces', endpoint, env)
      ? import('@opentelemetry/exporter-trace-otlp-grpc')
      : undefined,
    exportsSignal('metrics', endpoint, env)
      ? import('@opentelemetry/exporter-metrics-otlp-grpc')
      : undefined,
  ]);
  const spanRetry: RetryOptions<ReadableSpan[]> = { ...base, size: (batch) => batch.length };
  const spans =
    traces === undefined
      ? undefined
      : createRetryingExporter(new traces.OTLPTraceExporter(target), spanRetry);
  const counted = countEnded(
    spans === undefined
      ? new NoopSpanProcessor()
      : new BatchSpanProcessor({
          exporter: spans,
          maxQueueSize: maxQueuedSpans,
          maxExportBatchSize: batchSpans,
          scheduledDelayMillis: 500,
          exportTimeoutMillis: 2 * retry.giveUpAfterMs,
        }),
  );
  if (metrics === undefined) return { spans, metrics, ...counted, metricExporter: undefined };
  const inner = new metrics.OTLPMetricExporter(target);
  const metricRetry: RetryOptions<ResourceMetrics> = { ...base, size: () => 1 };
  const retrying = createRetryingExporter<ResourceMetrics>(inner, metricRetry);
  const metricExporter: PushMetricExporter = {
    export: (batch, done) => retrying.export(batch, done),
    forceFlush: () => retrying.forceFlush(),
    shutdown: () => retrying.shutdown(),
    selectAggregation: inner.selectAggregation.bind(inner),
    selectAggregationTemporality: inner.selectAggregationTemporality.bind(inner),
  };
  return { spans, metrics: retrying, ...counted, metricExporter };
}
