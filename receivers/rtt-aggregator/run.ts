import { hostname } from 'node:os';

import packageJson from '../../package.json' with { type: 'json' };
import { runExported } from '../shared/exported-run.ts';
import { createKubeClient, type KubeClient } from '../shared/kubernetes/client.ts';
import { loadKubeConnection } from '../shared/kubernetes/config.ts';
import type { RunContext } from '../shared/long-running.ts';
import { createFamilyProducer } from '../shared/metrics/otlp-families.ts';
import { startTelemetry, type Telemetry } from '../shared/telemetry.ts';
import { exportsSignal } from '../shared/telemetry-pipelines.ts';
import { createWallClock, processClocks, type WallClock } from '../shared/wall-clock.ts';
import { emitVerdict } from './edge/log-records.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import type { Config } from './schema.ts';

const serviceName = 'rtt-aggregator';

/** Runs the aggregator until the signal ends. Rejects with ConfigError or StartupError when it cannot begin. */
export async function run(config: Config, context: RunContext): Promise<void> {
  const { env, log, signal } = context;
  const clock = createWallClock(processClocks);
  const client =
    config.pingers.service === undefined ? undefined : await kubeClient(context, clock);
  const reporter = {
    instance: env['K8S_POD_NAME'] ?? hostname(),
    namespace: env['K8S_NAMESPACE_NAME'] ?? 'default',
  };
  let telemetry: Telemetry | undefined;
  const receiver = createReceiver({
    config,
    client,
    clock,
    reporter,
    log,
    onVerdict: (change) => {
      if (telemetry !== undefined) emitVerdict(telemetry.logger, change);
    },
  });
  try {
    const stopped = await runExported({
      receiver,
      startExport: async () => (telemetry = await exporting(receiver, context)),
      onStarted: (started) => log.info({ ...started, interval: config.interval }, 'started'),
      signal,
      shutdownMs: config.shutdown,
    });
    log.info({ stopped }, 'stopped');
  } finally {
    client?.close();
  }
}

async function kubeClient({ env, kube }: RunContext, clock: WallClock): Promise<KubeClient> {
  const connection = await loadKubeConnection(kube, env);
  return createKubeClient(connection, clock, 'kube-latency-rtt-aggregator');
}

/** Exports the families and the verdicts where an endpoint is configured. */
async function exporting(
  { families }: Receiver,
  { env, log }: RunContext,
): Promise<Telemetry | undefined> {
  const exports = (['metrics', 'logs'] as const).some((signal) =>
    exportsSignal(signal, undefined, env),
  );
  if (!exports) return undefined;
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
    logs: true,
  });
}
