import { hostname } from 'node:os';

import { runExported } from '../shared/exported-run.ts';
import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { KubeConfigChoice } from '../shared/kubernetes/config.ts';
import type { RunContext } from '../shared/long-running.ts';
import type { Family } from '../shared/metrics/families.ts';
import { exportsSignal } from '../shared/telemetry-pipelines.ts';
import { createWallClock, processClocks, type WallClock } from '../shared/wall-clock.ts';
import type { Trace } from './core/record.ts';
import type { OtlpExport, OtlpExportOptions } from './otlp-export.ts';
import { createReceiver } from './receiver.ts';
import type { Settings } from './settings.ts';

/** Runs the pinger until the signal ends. Rejects with ConfigError or StartupError when it cannot begin. */
export async function run(config: Settings, { env, log, signal, kube }: RunContext): Promise<void> {
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
  // What was told last is what is exported last: a receiver that has stopped has no probers to tell of.
  let last: readonly Family[] | undefined;
  const { place } = receiver;
  const exported = { place, families: () => last ?? receiver.families() };
  let telemetry: OtlpExport | undefined;
  try {
    const stopped = await runExported({
      receiver: {
        start: receiver.start,
        shutdown: () => {
          if (telemetry !== undefined) last = receiver.families().map(asOfNow);
          return receiver.shutdown();
        },
      },
      startExport: async () => {
        telemetry = await otlpExport({ receiver: exported, env, log, timeoutMs: config.timeout });
        if (telemetry !== undefined) traceNow = telemetry.trace;
        return telemetry;
      },
      onStarted: (started) => {
        const { protocols, interval } = config;
        log.info({ ...started, protocols, interval }, 'started');
      },
      signal,
      shutdownMs: config.shutdown,
    });
    log.info({ stopped }, 'stopped');
  } finally {
    client?.close();
  }
}

/** Points are made as they are gone through; these are made now. */
function asOfNow(family: Family): Family {
  return { ...family, points: [...family.points] } as Family;
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
