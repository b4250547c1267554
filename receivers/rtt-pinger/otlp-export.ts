import packageJson from '../../package.json' with { type: 'json' };
import type { Log } from '../shared/log.ts';
import { exportsSignal } from '../shared/telemetry-pipelines.ts';
import { startTelemetry } from '../shared/telemetry.ts';
import type { Trace } from './core/record.ts';
import { createFamilyProducer } from './edge/otlp-families.ts';
import { createOutlierSpans } from './edge/outlier-spans.ts';
import type { Receiver } from './receiver.ts';

const serviceName = 'rtt-pinger';

export interface OtlpExport {
  readonly trace: Trace;
  /** Sends what is left within the deadline. Never rejects; safe twice. */
  readonly shutdown: (deadlineMs: number) => Promise<unknown>;
}

export interface OtlpExportOptions {
  readonly receiver: Pick<Receiver, 'families' | 'place'>;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly timeoutMs: number;
}

/** Exports metrics, and spans of outliers, where an endpoint is configured; without one the SDK is not even loaded. */
export async function startOtlpExport(options: OtlpExportOptions): Promise<OtlpExport | undefined> {
  const { receiver, env, log, timeoutMs } = options;
  const exports = (signal: 'metrics' | 'traces'): boolean => exportsSignal(signal, undefined, env);
  if (!exports('metrics') && !exports('traces')) return undefined;
  const { version } = packageJson;
  const nowMs = (): number => Date.now();
  const { families, place: source } = receiver;
  const scope = { name: serviceName, version };
  const producers = exports('metrics')
    ? [await createFamilyProducer({ families, scope, nowMs })]
    : [];
  const { tracer, shutdown } = await startTelemetry({
    serviceName,
    serviceVersion: version,
    endpoint: undefined,
    env,
    log,
    metricProducers: producers,
  });
  const trace = createOutlierSpans({ tracer, source, timeoutMs, nowMs });
  return { trace: exports('traces') ? trace : () => undefined, shutdown };
}
