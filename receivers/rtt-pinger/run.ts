import { hostname } from 'node:os';

import packageJson from '../../package.json' with { type: 'json' };
import { untilAborted, within } from '../shared/deadline.ts';
import type { Log } from '../shared/log.ts';
import { exportsSignal } from '../shared/telemetry-pipelines.ts';
import { startTelemetry } from '../shared/telemetry.ts';
import type { Family } from './core/families.ts';
import { createFamilyProducer } from './edge/otlp-families.ts';
import { createReceiver } from './receiver.ts';
import type { Config } from './schema.ts';

export interface RunContext {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

const serviceName = 'rtt-pinger';

/** Runs the pinger until the signal ends. Rejects with ConfigError or StartupError when it cannot begin. */
export async function run(config: Config, { env, log, signal }: RunContext): Promise<void> {
  const self = {
    node: config.nodeName,
    namespace: env['K8S_NAMESPACE_NAME'] ?? '',
    pod: config.podName === '' ? hostname() : config.podName,
  };
  const receiver = createReceiver({ config, self, log });
  const started = await receiver.start();
  const telemetry = await exporting(receiver.families, { env, log });
  log.info({ ...started, protocols: config.protocols, interval: config.interval }, 'started');
  await untilAborted(signal);
  await telemetry?.(config.shutdown / 2);
  const stopped = await within(receiver.shutdown(), config.shutdown / 2);
  log.info({ stopped: stopped.kind === 'done' }, 'stopped');
}

/** Exports the families where an endpoint is configured; without one the SDK is not even loaded. Gives what ends it. */
async function exporting(
  families: () => readonly Family[],
  { env, log }: { readonly env: NodeJS.ProcessEnv; readonly log: Log },
): Promise<((deadlineMs: number) => Promise<unknown>) | undefined> {
  if (!exportsSignal('metrics', undefined, env)) return undefined;
  const { version } = packageJson;
  const producer = await createFamilyProducer({
    families,
    scope: { name: serviceName, version },
    nowMs: () => Date.now(),
  });
  const telemetry = await startTelemetry({
    serviceName,
    serviceVersion: version,
    endpoint: undefined,
    env,
    log,
    metricProducers: [producer],
  });
  return telemetry.shutdown;
}
