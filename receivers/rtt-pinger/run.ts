import { hostname } from 'node:os';

import packageJson from '../../package.json' with { type: 'json' };
import { untilAborted, within } from '../shared/deadline.ts';
import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { KubeConfigChoice } from '../shared/kubernetes/config.ts';
import type { Log } from '../shared/log.ts';
import type { RunContext } from '../shared/long-running.ts';
import { exportsSignal } from '../shared/telemetry-pipelines.ts';
import { startTelemetry } from '../shared/telemetry.ts';
import { createWallClock, processClocks, type WallClock } from '../shared/wall-clock.ts';
import type { Family } from '../shared/metrics/families.ts';
import { createFamilyProducer } from '../shared/metrics/otlp-families.ts';
import { createReceiver } from './receiver.ts';
import type { Config } from './schema.ts';

const serviceName = 'rtt-pinger';

/** Runs the pinger until the signal ends. Rejects with ConfigError or StartupError when it cannot begin. */
export async function run(config: Config, { env, log, signal, kube }: RunContext): Promise<void> {
  const self = {
    node: config.nodeName,
    namespace: env['K8S_NAMESPACE_NAME'] ?? '',
    pod: config.podName === '' ? hostname() : config.podName,
  };
  const clock = createWallClock(processClocks);
  const client =
    config.peers.kubernetes === undefined ? undefined : await kubeClient({ env, kube, clock });
  const receiver = createReceiver({ config, client, clock, self, log });
  const started = await receiver.start();
  const telemetry = await exporting(receiver.families, { env, log });
  log.info({ ...started, protocols: config.protocols, interval: config.interval }, 'started');
  await untilAborted(signal);
  await telemetry?.(config.shutdown / 2);
  const stopped = await within(receiver.shutdown(), config.shutdown / 2);
  client?.close();
  log.info({ stopped: stopped.kind === 'done' }, 'stopped');
}

/** Only with peers of Kubernetes is its client loaded. */
async function kubeClient(from: {
  readonly env: NodeJS.ProcessEnv;
  readonly kube: KubeConfigChoice;
  readonly clock: WallClock;
}): Promise<KubeClient> {
  const [{ createKubeClient }, { loadKubeConnection }] = await Promise.all([
    import('../shared/kubernetes/client.ts'),
    import('../shared/kubernetes/config.ts'),
  ]);
  const connection = await loadKubeConnection(from.kube, from.env);
  return createKubeClient(connection, from.clock, 'kube-latency-rtt-pinger');
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
