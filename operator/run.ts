import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import packageJson from '../package.json' with { type: 'json' };
import { runExported } from '../receivers/shared/exported-run.ts';
import { createKubeClient, type KubeClient } from '../receivers/shared/kubernetes/client.ts';
import { loadKubeConnection } from '../receivers/shared/kubernetes/config.ts';
import type { RunContext } from '../receivers/shared/long-running.ts';
import { createFamilyProducer } from '../receivers/shared/metrics/otlp-families.ts';
import { startTelemetry, type Telemetry } from '../receivers/shared/telemetry.ts';
import { exportsSignal } from '../receivers/shared/telemetry-pipelines.ts';
import { createWallClock, processClocks, type WallClock } from '../receivers/shared/wall-clock.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import type { Task } from './config.ts';
import { removeAll } from './removal.ts';

const serviceName = 'operator';

/** Runs the operator until the signal ends, or takes away what one left. Rejects with ConfigError or StartupError when it cannot begin. */
export async function run(config: Task, context: RunContext): Promise<void> {
  const { env, log, signal, kube } = context;
  const clock = createWallClock(processClocks);
  const client = createKubeClient(
    await loadKubeConnection(kube, env),
    clock,
    'kube-latency-operator',
  );
  try {
    if (config.remove) await removeAll({ client, log, signal, namespace: config.namespace });
    else await operate(config, { client, clock, context });
  } finally {
    client.close();
  }
}

async function operate(
  config: Task,
  { client, clock, context }: { client: KubeClient; clock: WallClock; context: RunContext },
): Promise<void> {
  const { env, log, signal } = context;
  const instance = env['K8S_POD_NAME'] ?? hostname();
  const receiver = createReceiver({
    config,
    client,
    clock,
    log,
    // A pod's container that is started again is another one, too: its lease of before is not its own.
    reporter: { instance, identity: `${instance}_${randomBytes(4).toString('hex')}` },
  });
  const stopped = await runExported({
    receiver,
    startExport: () => exporting(receiver, context),
    onStarted: (started) => log.info(started, 'started'),
    signal,
    shutdownMs: config.shutdown,
  });
  log.info({ stopped }, 'stopped');
}

/** Exports the metrics where an endpoint is configured. */
async function exporting(
  { families }: Receiver,
  { env, log }: RunContext,
): Promise<Telemetry | undefined> {
  if (!exportsSignal('metrics', undefined, env)) return undefined;
  const { version } = packageJson;
  const producer = createFamilyProducer({
    families,
    scope: { name: serviceName, version },
    nowMs: () => Date.now(),
  });
  return startTelemetry({
    serviceName,
    serviceVersion: version,
    endpoint: undefined,
    env,
    log,
    metricProducers: [producer],
  });
}
