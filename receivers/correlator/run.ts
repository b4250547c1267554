import { randomUUID } from 'node:crypto';

import packageJson from '../../package.json' with { type: 'json' };
import { startDeadline, untilAborted } from '../shared/deadline.ts';
import { createKubeClient } from '../shared/kubernetes/client.ts';
import { loadKubeConnection } from '../shared/kubernetes/config.ts';
import type { RunContext } from '../shared/long-running.ts';
import { startTelemetry } from '../shared/telemetry.ts';
import { createWallClock, processClocks } from '../shared/wall-clock.ts';
import { observeCounts } from './metrics.ts';
import { createReceiver } from './receiver.ts';
import type { Config } from './schema.ts';

const telemetryDeadlineMs = 2000;

/** Runs the correlator until the signal ends. Rejects with ConfigError or StartupError when it cannot begin. */
export async function run(config: Config, { env, log, signal, kube }: RunContext): Promise<void> {
  const serviceName = env['OTEL_SERVICE_NAME']?.trim() || 'correlator';
  const clock = createWallClock(processClocks);
  const client = createKubeClient(
    await loadKubeConnection(kube, env),
    clock,
    'kube-latency-correlator',
  );
  const telemetry = await startTelemetry({
    serviceName,
    serviceVersion: packageJson.version,
    endpoint: config.metrics,
    env,
    log,
  });
  const resource = {
    'service.name': serviceName,
    'service.version': packageJson.version,
    'service.instance.id': randomUUID(),
    ...(config.nodeName === undefined ? {} : { 'k8s.node.name': config.nodeName }),
  };
  const receiver = createReceiver({ config, resource, client, clock, log });
  observeCounts(telemetry.meter, receiver.counts);
  const stopped = untilAborted(signal).then(async () => {
    const deadline = startDeadline(config.times.shutdown);
    await receiver.shutdown(deadline.signal).finally(deadline.clear);
  });
  try {
    const { port, healthPort } = await receiver.start();
    log.info({ role: config.role, port, healthPort, send: config.send }, 'started');
    await stopped;
    log.info({ counts: receiver.counts }, 'stopped');
  } finally {
    await telemetry.shutdown(telemetryDeadlineMs);
    client.close();
  }
}
