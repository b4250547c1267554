import { setImmediate } from 'node:timers/promises';

import packageJson from '../../package.json' with { type: 'json' };
import { ConfigError, StartupError } from '../shared/errors.ts';
import { createKubeClient, type KubeClient } from '../shared/kubernetes/client.ts';
import {
  loadKubeConnection,
  traceJoinOf,
  type KubeConnection,
} from '../shared/kubernetes/config.ts';
import { remedyForStatus, unreachableRemedy } from '../shared/kubernetes/remedy.ts';
import type { Log } from '../shared/log.ts';
import { startTelemetry, type Telemetry, type TelemetryOutcome } from '../shared/telemetry.ts';
import { exportsSignal } from '../shared/telemetry-pipelines.ts';
import { createWallClock, processClocks, type WallClock } from '../shared/wall-clock.ts';
import type { ProbeConfig } from './config.ts';
import { openPodHub, type PodHub } from './pod-hub.ts';

export interface RunEdge {
  /** Ends the run: no probe begins any more, those under way clean up. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** What a run has open: connection, watches, telemetry. */
export interface Session {
  readonly config: ProbeConfig;
  readonly edge: RunEdge;
  readonly namespace: string;
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly hub: PodHub;
  readonly telemetry: Telemetry;
  readonly traceJoin: 'native' | 'links';
}

async function openHub(
  client: KubeClient,
  connection: KubeConnection,
  about: { readonly namespace: string; readonly clock: WallClock; readonly edge: RunEdge },
): Promise<PodHub> {
  const { clock, edge } = about;
  const ends = { log: edge.log, opening: edge.signal };
  const started = await openPodHub(about.namespace, { client, clock, ...ends });
  if (started.kind === 'open') return started.hub;
  const what = `listing pods in namespace ${about.namespace} at ${connection.server.origin}`;
  if (started.kind === 'unreachable') {
    throw new StartupError(
      `${what} (${connection.origin}): ${started.message}; ${unreachableRemedy}`,
    );
  }
  const expected =
    started.status === 401 ? 'accepted credentials' : 'the right to list and watch pods';
  const remedy = remedyForStatus(started.status);
  throw new StartupError(
    `${what}: expected ${expected}, got status ${started.status}: ${started.message}${remedy === undefined ? '' : `; ${remedy}`}`,
  );
}

/** Loads the SDK while the first request is under way: loading it first would delay that. */
async function loadTelemetry(
  config: ProbeConfig,
  edge: RunEdge,
  begun: Promise<void>,
): Promise<Telemetry> {
  await begun;
  await setImmediate();
  return startTelemetry({
    serviceName: 'pod-prober',
    serviceVersion: packageJson.version,
    endpoint: config.otlpEndpoint,
    env: edge.env,
    log: edge.log,
  });
}

function sayTraceJoin(traceJoin: 'native' | 'links', log: Log): void {
  if (traceJoin === 'native') {
    log.info(
      { traceJoin },
      "the client certificate lets the API server's spans join the probe's trace",
    );
  } else {
    const why = 'no client certificate of group system:monitoring: traces are joined by links';
    log.info({ traceJoin }, why);
  }
}

function requireCollector(config: ProbeConfig, env: NodeJS.ProcessEnv): void {
  if (!config.requireExport || exportsSignal('traces', config.otlpEndpoint, env)) return;
  throw new ConfigError(
    '--require-export: expected a collector in OTEL_EXPORTER_OTLP_ENDPOINT, none is configured',
  );
}

/**
 * Opens the watches and starts telemetry. Rejects with a ConfigError or StartupError of one line, with
 * everything closed again, when that is not possible; nothing was created then.
 */
export async function openSession(config: ProbeConfig, edge: RunEdge): Promise<Session> {
  requireCollector(config, edge.env);
  const clock = createWallClock(processClocks);
  const connection = await loadKubeConnection(config, edge.env);
  const namespace = config.namespace ?? connection.contextNamespace ?? 'default';
  const client = createKubeClient(connection, clock, 'kube-latency-pod-prober');
  try {
    const opening = openHub(client, connection, { namespace, clock, edge });
    const [hub, telemetry] = await settledPair(opening, loadTelemetry(config, edge, client.begun));
    const traceJoin = traceJoinOf(client.certificate());
    sayTraceJoin(traceJoin, edge.log);
    return { config, edge, namespace, client, clock, hub, telemetry, traceJoin };
  } catch (caught) {
    client.close();
    throw caught;
  }
}

/** Both, or the first's error once the second has been released too. */
async function settledPair(
  hub: Promise<PodHub>,
  telemetry: Promise<Telemetry>,
): Promise<[PodHub, Telemetry]> {
  const [opened, loaded] = await Promise.allSettled([hub, telemetry]);
  if (opened.status === 'fulfilled' && loaded.status === 'fulfilled') {
    return [opened.value, loaded.value];
  }
  if (opened.status === 'fulfilled') await opened.value.close();
  if (loaded.status === 'fulfilled') await loaded.value.shutdown(0);
  throw opened.status === 'rejected' ? opened.reason : (loaded as PromiseRejectedResult).reason;
}

/** Closes the watches and connections, then flushes telemetry within a deadline. Never rejects. */
export async function closeSession(session: Session): Promise<TelemetryOutcome> {
  await session.hub.close();
  session.client.close();
  const telemetry = await session.telemetry.shutdown(session.config.flushTimeoutMs);
  const { spans, problems } = telemetry;
  if (telemetry.exporting && problems.length > 0) {
    session.edge.log.warn({ spans, problems }, 'telemetry could not be delivered');
  }
  return telemetry;
}
