import packageJson from '../../package.json' with { type: 'json' };
import type { Log } from '../shared/log.ts';
import { exportsSignal } from '../shared/telemetry-pipelines.ts';
import { startTelemetry } from '../shared/telemetry.ts';
import type { Trace } from './core/record.ts';
import { createFamilyProducer } from '../shared/metrics/otlp-families.ts';
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

/** Exports metrics and spans of outliers, each where an endpoint for it is configured. To be loaded only where one is. */
export async function startOtlpExport(options: OtlpExportOptions): Promise<OtlpExport> {
  const { receiver, env, log, timeoutMs } = options;
  const exports = (signal: 'metrics' | 'traces'): boolean => exportsSignal(signal, undefined, env);
  const { version } = packageJson;
  const nowMs = (): number => Date.now();
  const { families, place: source } = receiver;
  const scope = { name: serviceName, version };
  const producers = exports('metrics') ? [createFamilyProducer({ families, scope, nowMs })] : [];
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
