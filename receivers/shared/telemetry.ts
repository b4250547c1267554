import type { Meter, Tracer } from '@opentelemetry/api';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

import { within } from './deadline.ts';
import { toError } from './errors.ts';
import type { Log } from './log.ts';
import {
  createRetryingExporter,
  type RetryingExporter,
  type RetryOptions,
} from './retrying-exporter.ts';
import { createSlottedIds, randomHex, type SlottedIds } from './span-ids.ts';

export interface TelemetrySettings {
  /** Default of service.name; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override it. */
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** An OTLP/gRPC endpoint; undefined: that of the OTEL_EXPORTER_OTLP_* variables, or none. */
  readonly endpoint: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** What became of the telemetry of a run. */
export interface TelemetryOutcome {
  /** False: no collector is configured, nothing was to be delivered. */
  readonly exporting: boolean;
  readonly spans: { readonly ended: number; readonly delivered: number; readonly dropped: number };
  readonly metrics: { readonly delivered: number; readonly dropped: number };
  /** Why something was not delivered; empty: all was. */
  readonly problems: readonly string[];
}

export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly ids: SlottedIds;
  /** Sends what is left within deadlineMs and releases everything. Never rejects; safe twice. */
  readonly shutdown: (deadlineMs: number) => Promise<TelemetryOutcome>;
}

/** Room for the spans of a burst of 3,000 probes; beyond it spans are dropped and counted. */
const maxQueuedSpans = 32_768;
const batchSpans = 512;
const retry = { backoff: { baseMs: 250, capMs: 5000 }, giveUpAfterMs: 30_000 };
const metricIntervalMs = 60_000;

type Signal = 'traces' | 'metrics';

function set(value: string | undefined): value is string {
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
  return endpoints.some(set);
}

/** Where this process runs, as far as the downward API told it. */
function placeAttributes(env: NodeJS.ProcessEnv): Record<string, string> {
  const place = {
    'k8s.node.name': env['K8S_NODE_NAME'],
    'k8s.pod.name': env['K8S_POD_NAME'],
    'k8s.pod.uid': env['K8S_POD_UID'],
    'k8s.namespace.name': set(env['K8S_POD_NAME']) ? env['K8S_NAMESPACE_NAME'] : undefined,
    'k8s.cluster.name': env['K8S_CLUSTER_NAME'],
  };
  return Object.fromEntries(
    Object.entries(place).filter((entry): entry is [string, string] => set(entry[1])),
  );
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

interface Pipelines {
  readonly spans: RetryingExporter<ReadableSpan[]> | undefined;
  readonly metrics: RetryingExporter<ResourceMetrics> | undefined;
  readonly processor: SpanProcessor;
  readonly ended: () => number;
  readonly metricExporter: PushMetricExporter | undefined;
}

async function createPipelines(settings: TelemetrySettings, stop: AbortSignal): Promise<Pipelines> {
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
    selectAggregation: (type) => inner.selectAggregation(type),
    selectAggregationTemporality: (type) => inner.selectAggregationTemporality(type),
  };
  return { spans, metrics: retrying, ...counted, metricExporter };
}

/**
 * Starts the OpenTelemetry SDK: OTLP over gRPC with retries, no logs, no auto-instrumentation, no
 * propagators. OTEL_* variables keep their meaning. Without an endpoint nothing is exported, yet
 * sampling decisions are made as if it were, because other programs may record the same traces.
 */
export async function startTelemetry(settings: TelemetrySettings): Promise<Telemetry> {
  const stop = new AbortController();
  const [api, { NodeSDK }, { PeriodicExportingMetricReader }, resources, pipelines] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-node'),
      import('@opentelemetry/sdk-metrics'),
      import('@opentelemetry/resources'),
      createPipelines(settings, stop.signal),
    ]);
  const ids = createSlottedIds();
  const readers =
    pipelines.metricExporter === undefined
      ? []
      : [
          new PeriodicExportingMetricReader({
            exporter: pipelines.metricExporter,
            exportIntervalMillis: metricIntervalMs,
            exportTimeoutMillis: metricIntervalMs,
          }),
        ];
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes({
      'service.name': settings.serviceName,
      'service.version': settings.serviceVersion,
      'service.instance.id': randomHex(16),
      ...placeAttributes(settings.env),
    }),
    resourceDetectors: [resources.envDetector],
    instrumentations: [],
    logRecordProcessors: [],
    textMapPropagator: null,
    metricReaders: readers,
    spanProcessors: [pipelines.processor],
    idGenerator: ids,
  });
  routeDiagnostics(api.diag, settings.log);
  sdk.start();
  let stopped: Promise<TelemetryOutcome> | undefined;
  return {
    tracer: api.trace.getTracer(settings.serviceName, settings.serviceVersion),
    meter: api.metrics.getMeter(settings.serviceName, settings.serviceVersion),
    ids,
    shutdown: (deadlineMs) => (stopped ??= stopSdk(sdk, pipelines, { api, stop, deadlineMs })),
  };
}

/** The SDK's own complaints go to our log; OTEL_LOG_LEVEL would send them to stdout. */
function routeDiagnostics(diag: typeof import('@opentelemetry/api').diag, log: Log): void {
  const say =
    (level: 'error' | 'warn' | 'debug') =>
    (message: string): void =>
      log[level]({ from: 'opentelemetry' }, message.split('\n')[0] ?? message);
  diag.setLogger(
    {
      error: say('debug'),
      warn: say('warn'),
      info: say('debug'),
      debug: say('debug'),
      verbose: say('debug'),
    },
    { logLevel: 60, suppressOverrideMessage: true },
  );
}

interface Stopping {
  readonly api: typeof import('@opentelemetry/api');
  readonly stop: AbortController;
  readonly deadlineMs: number;
}

async function stopSdk(
  sdk: NodeSDK,
  pipelines: Pipelines,
  stopping: Stopping,
): Promise<TelemetryOutcome> {
  const problems: string[] = [];
  const work = sdk.shutdown().catch((caught: unknown) => {
    problems.push(toError(caught).message);
  });
  const outcome = await within(work, stopping.deadlineMs);
  if (outcome.kind === 'timeout') {
    problems.push(`flushing took longer than ${stopping.deadlineMs} ms`);
    stopping.stop.abort();
    await within(work, 250);
  }
  const { api } = stopping;
  for (const part of [api.trace, api.metrics, api.context, api.propagation, api.diag])
    part.disable();
  return outcomeOf(pipelines, problems);
}

function outcomeOf(pipelines: Pipelines, problems: readonly string[]): TelemetryOutcome {
  const spans = pipelines.spans?.counts();
  const metrics = pipelines.metrics?.counts();
  const ended = pipelines.ended();
  const delivered = spans?.delivered ?? 0;
  const dropped = spans === undefined ? 0 : ended - delivered;
  const lost = dropped > 0 || (metrics?.dropped ?? 0) > 0;
  const causes = [spans?.lastProblem, metrics?.lastProblem].filter((each) => each !== undefined);
  return {
    exporting: spans !== undefined || metrics !== undefined,
    spans: { ended, delivered, dropped },
    metrics: { delivered: metrics?.delivered ?? 0, dropped: metrics?.dropped ?? 0 },
    problems: lost || problems.length > 0 ? [...new Set([...causes, ...problems])] : [],
  };
}
