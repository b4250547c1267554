import type * as Api from '@opentelemetry/api';
import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import type { NodeSDK } from '@opentelemetry/sdk-node';

import { within } from './deadline.ts';
import { toError } from './errors.ts';
import type { Log } from './log.ts';
import { createLossLog, type Loss, type LossLog } from './telemetry-loss.ts';
import { createLogProcessors } from './telemetry-logs.ts';
import { createPipelines, isSet, type Pipelines } from './telemetry-pipelines.ts';
import { createSlottedIds, randomHex, type SlottedIds } from './span-ids.ts';

export interface TelemetrySettings {
  /** Default of service.name; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override it. */
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** An OTLP/gRPC endpoint; undefined: that of the OTEL_EXPORTER_OTLP_* variables, or none. */
  readonly endpoint: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Metrics that are made elsewhere, beside those of the meter. */
  readonly metricProducers?: readonly MetricProducer[];
  /** What else is known of whoever is told about; OTEL_RESOURCE_ATTRIBUTES override it. */
  readonly resource?: Readonly<Record<string, string | string[]>>;
  /** Whether log records are exported, too; default: they are not. */
  readonly logs?: boolean;
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
  /** Its records go nowhere unless logs are exported. */
  readonly logger: Logger;
  readonly ids: SlottedIds;
  /** What was lost so far, by signal and reason. */
  readonly losses: () => readonly Loss[];
  /** Sends the spans that ended so far, and tells what became of all until then. Never rejects. */
  readonly flush: (deadlineMs: number) => Promise<TelemetryOutcome>;
  /** Sends what is left within deadlineMs and releases everything. Never rejects; safe twice. */
  readonly shutdown: (deadlineMs: number) => Promise<TelemetryOutcome>;
}

/** Where this process runs, as far as the downward API told it. */
function placeAttributes(env: NodeJS.ProcessEnv): Record<string, string> {
  const place = {
    'k8s.node.name': env['K8S_NODE_NAME'],
    'k8s.pod.name': env['K8S_POD_NAME'],
    'k8s.pod.uid': env['K8S_POD_UID'],
    'k8s.namespace.name': isSet(env['K8S_POD_NAME']) ? env['K8S_NAMESPACE_NAME'] : undefined,
    'k8s.cluster.name': env['K8S_CLUSTER_NAME'],
  };
  return Object.fromEntries(
    Object.entries(place).filter((entry): entry is [string, string] => isSet(entry[1])),
  );
}

/**
 * Starts the OpenTelemetry SDK: OTLP over gRPC with retries, logs only where asked for, no
 * auto-instrumentation, no propagators. OTEL_* variables keep their meaning. Without an endpoint nothing is exported, yet
 * sampling decisions are made as if it were, because other programs may record the same traces.
 */
export async function startTelemetry(settings: TelemetrySettings): Promise<Telemetry> {
  const stop = new AbortController();
  const losses = createLossLog(settings.log, () => performance.now());
  const [api, { NodeSDK }, { PeriodicExportingMetricReader }, resources, pipelines, logs] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-node'),
      import('@opentelemetry/sdk-metrics'),
      import('@opentelemetry/resources'),
      createPipelines(settings, stop.signal, losses),
      settings.logs === true ? createLogProcessors(settings, stop.signal, losses) : [],
    ]);
  const ids = createSlottedIds();
  const readers =
    pipelines.metricExporter === undefined
      ? []
      : [
          new PeriodicExportingMetricReader({
            exporter: pipelines.metricExporter,
            ...pipelines.metricLimits,
            metricProducers: [...(settings.metricProducers ?? [])],
          }),
        ];
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes({
      'service.name': settings.serviceName,
      'service.version': settings.serviceVersion,
      'service.instance.id': randomHex(16),
      ...settings.resource,
      ...placeAttributes(settings.env),
    }),
    resourceDetectors: [resources.envDetector],
    instrumentations: [],
    logRecordProcessors: logs,
    textMapPropagator: null,
    metricReaders: readers,
    spanProcessors: [pipelines.processor],
    idGenerator: ids,
  });
  routeDiagnostics(api, settings.log, losses);
  sdk.start();
  let stopped: Promise<TelemetryOutcome> | undefined;
  return {
    tracer: api.trace.getTracer(settings.serviceName, settings.serviceVersion),
    meter: api.metrics.getMeter(settings.serviceName, settings.serviceVersion),
    logger: api.logs.getLogger(settings.serviceName, settings.serviceVersion),
    ids,
    losses: losses.losses,
    flush: async (deadlineMs) => {
      const work = pipelines.processor.forceFlush().catch(() => undefined);
      const flushed = await within(work, deadlineMs);
      const late = `flushing took longer than ${deadlineMs} ms`;
      return outcomeOf(pipelines, flushed.kind === 'done' ? [] : [late]);
    },
    shutdown: (deadlineMs) => {
      losses.close();
      return (stopped ??= stopSdk(sdk, pipelines, { api, stop, deadlineMs }));
    },
  };
}

/** The SDK's own complaints go to our log; OTEL_LOG_LEVEL would send them to stdout. */
function routeDiagnostics(api: typeof Api, log: Log, losses: LossLog): void {
  const from = { from: 'opentelemetry' };
  const complain = (message: string): void => losses.complain(from, complaintOf(message));
  const debug = (message: string): void => log.debug(from, complaintOf(message));
  api.diag.setLogger(
    {
      error: complain,
      warn: complain,
      info: debug,
      debug,
      verbose: debug,
    },
    { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** The sentence of a complaint: the SDK writes errors as JSON with a stack. */
function complaintOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not JSON: plain words.
  }
  return text.split('\n')[0] ?? text;
}

interface Stopping {
  readonly api: typeof Api;
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
  for (const part of [api.trace, api.metrics, api.logs, api.context, api.propagation, api.diag])
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
