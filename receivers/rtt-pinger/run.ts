import { hostname } from 'node:os';

import { untilAborted, within } from '../shared/deadline.ts';
import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { KubeConfigChoice } from '../shared/kubernetes/config.ts';
import type { RunContext } from '../shared/long-running.ts';
import { exportsSignal } from '../shared/telemetry-pipelines.ts';
import { createWallClock, processClocks, type WallClock } from '../shared/wall-clock.ts';
import type { Trace } from './core/record.ts';
import type { OtlpExport, OtlpExportOptions } from './otlp-export.ts';
import { createReceiver } from './receiver.ts';
import type { Config } from './schema.ts';

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
  // Spans can be made once the receiver is there to be exported.
  let traceNow: Trace = () => undefined;
  const trace: Trace = (sample, outlier) => traceNow(sample, outlier);
  const receiver = createReceiver({ config, client, clock, self, log, trace });
  const started = await receiver.start();
  const telemetry = await otlpExport({ receiver, env, log, timeoutMs: config.timeout });
  if (telemetry !== undefined) traceNow = telemetry.trace;
  log.info({ ...started, protocols: config.protocols, interval: config.interval }, 'started');
  await untilAborted(signal);
  await telemetry?.shutdown(config.shutdown / 2);
  const stopped = await within(receiver.shutdown(), config.shutdown / 2);
  client?.close();
  log.info({ stopped: stopped.kind === 'done' }, 'stopped');
}

/** The SDK is loaded where an endpoint is configured alone. */
async function otlpExport(options: OtlpExportOptions): Promise<OtlpExport | undefined> {
  const { env } = options;
  const wanted = (['metrics', 'traces'] as const).some((each) =>
    exportsSignal(each, undefined, env),
  );
  if (!wanted) return undefined;
  const { startOtlpExport } = await import('./otlp-export.ts');
  return startOtlpExport(options);
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
