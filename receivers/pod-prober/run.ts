import { setImmediate } from 'node:timers/promises';

import { sleep, within } from '../shared/deadline.ts';
import { ConfigError, StartupError, messageOf } from '../shared/errors.ts';
import { createKubeClient, type KubeClient } from '../shared/kubernetes/client.ts';
import {
  loadKubeConnection,
  traceJoinOf,
  type KubeConnection,
} from '../shared/kubernetes/config.ts';
import type { Log } from '../shared/log.ts';
import { exportsSignal, startTelemetry, type Telemetry } from '../shared/telemetry.ts';
import { createWallClock, processClocks, type WallClock } from '../shared/wall-clock.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { assumePromptDelivery, offsetsOf, promptNsOf } from './boundaries.ts';
import { createOffsetMemory } from './clock-offset.ts';
import { mountedNamespace, type ProbeConfig } from './config.ts';
import { createProbeMetrics } from './metrics.ts';
import { createPodApi } from './pod-api.ts';
import { openPodHub, type PodHub } from './pod-hub.ts';
import { probe, type FinishedProbe, type ProbeTools } from './probe.ts';
import { creationOf, failureOf } from './probe-record.ts';
import { thisPod, thisProcess } from './process-owner.ts';
import { phasesOf } from './record-phases.ts';
import {
  createResultLog,
  judge,
  phaseStatistics,
  probeResult,
  type ProbeReport,
  type ProbeResult,
} from './report.ts';
import { spansOf } from './spans.ts';
import { sweep } from './sweep.ts';
import { createTracing } from './tracing.ts';

export interface RunEdge {
  /** Ends the run: no probe begins any more, those under way clean up. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Called with each probe's result as it finishes. */
  readonly onResult?: (result: ProbeResult) => void;
}

const sweepDeadlineMs = 10_000;
const flushDeadlineMs = 5000;

interface Session {
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
  about: { readonly namespace: string; readonly clock: WallClock; readonly log: Log },
): Promise<PodHub> {
  const started = await openPodHub(about.namespace, { client, clock: about.clock, log: about.log });
  if (started.kind === 'open') return started.hub;
  const what = `listing pods in namespace ${about.namespace} at ${connection.server.origin}`;
  if (started.kind === 'unreachable') {
    throw new StartupError(`${what} (${connection.origin}): ${started.message}`);
  }
  const expected =
    started.status === 401 ? 'accepted credentials' : 'the right to list and watch pods';
  throw new StartupError(
    `${what}: expected ${expected}, got status ${started.status}: ${started.message}`,
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

async function open(config: ProbeConfig, edge: RunEdge): Promise<Session> {
  requireCollector(config, edge.env);
  const clock = createWallClock(processClocks);
  const connection = await loadKubeConnection(config, edge.env);
  const namespace = config.namespace ?? connection.contextNamespace ?? 'default';
  const client = createKubeClient(connection, clock);
  try {
    const opening = openHub(client, connection, { namespace, clock, log: edge.log });
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

async function toolsOf(session: Session): Promise<ProbeTools> {
  const { config, namespace, client, clock, hub, telemetry, edge } = session;
  const api = await import('@opentelemetry/api');
  return {
    config,
    namespace,
    owner: thisPod(edge.env, mountedNamespace()) ?? thisProcess(),
    api: createPodApi(client, namespace),
    hub,
    clock,
    tracing: createTracing(api, telemetry.tracer, telemetry.ids),
  };
}

async function sweepLeftovers(session: Session, tools: ProbeTools): Promise<number> {
  const work = sweep(session.hub.found, {
    client: session.client,
    api: tools.api,
    self: thisProcess(),
    log: session.edge.log,
    nowMs: Date.now(),
    signal: session.edge.signal,
  });
  const swept = await within(work, sweepDeadlineMs);
  return swept.kind === 'done' ? swept.value : 0;
}

/** A refusal that every further create would meet too, so that a run that has not begun must not begin. */
function fatalRefusal(finished: FinishedProbe, namespace: string): Error | undefined {
  const { create } = finished.record;
  if (create.failure === null) return undefined;
  const { message } = create.failure;
  if (create.status === 404)
    return new ConfigError(`namespace ${namespace}: expected it to exist: ${message}`);
  const noRight = create.status === 403 && / is forbidden: User /.test(message);
  if (noRight || create.status === 401) return new StartupError(message);
  return undefined;
}

interface Turnout {
  readonly results: ReturnType<typeof createResultLog>;
  /** Set when the very first creates were refused for good. */
  fatal: Error | undefined;
  anyCreated: boolean;
}

function finisher(session: Session, turnout: Turnout): (finished: FinishedProbe) => void {
  const memory = createOffsetMemory();
  const metrics = createProbeMetrics(session.telemetry.meter);
  return (finished) => {
    const { record, trace } = finished;
    const about = {
      creation: creationOf(record.create),
      deleteSentNs: record.cleanup?.sentNs ?? null,
    };
    const known = (clockId: string): ReturnType<typeof memory.known> =>
      memory.known(clockId, record.endNs);
    const certain = offsetsOf(record.facts, about, known);
    memory.learn(certain, record.endNs);
    const offsets = assumePromptDelivery(certain, promptNsOf(record.facts, about.creation));
    const phases = phasesOf(record, offsets);
    trace.finish(spansOf(record, { phases, offsets, traceJoin: session.traceJoin }));
    metrics.record(phases, failureOf(record)?.reason ?? null);
    turnout.anyCreated ||= record.create.failure === null;
    if (!turnout.anyCreated) turnout.fatal ??= fatalRefusal(finished, session.namespace);
    const result = probeResult(record, phases);
    turnout.results.add(result);
    session.edge.onResult?.(result);
  };
}

/** Runs `count` probes with at most `concurrency` under way, until done, stopped or refused for good. */
async function round(
  tools: ProbeTools,
  stopping: AbortSignal,
  how: { readonly finish: (finished: FinishedProbe) => void; readonly turnout: Turnout },
): Promise<void> {
  const { count, concurrency } = tools.config;
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count && !stopping.aborted && how.turnout.fatal === undefined) {
      begun++;
      how.finish(await probe(tools, stopping));
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, concurrency) }, worker));
}

/** One round, or with an interval round after round: each starts an interval after the last one's start. */
async function rounds(session: Session, tools: ProbeTools, turnout: Turnout): Promise<void> {
  const { config, edge } = session;
  const finish = finisher(session, turnout);
  for (;;) {
    const startedMs = performance.now();
    await round(tools, edge.signal, { finish, turnout });
    if (turnout.fatal !== undefined || config.intervalMs === null || edge.signal.aborted) return;
    const restMs = config.intervalMs - (performance.now() - startedMs);
    await sleep(Math.max(0, restMs), edge.signal);
    if (edge.signal.aborted) return;
  }
}

function exitCode(report: Omit<ProbeReport, 'exitCode'>, config: ProbeConfig): 0 | 1 {
  if (config.requireExport && report.telemetry.problems.length > 0) return 1;
  if (report.failOver.some((each) => !each.kept)) return 1;
  // A daemon that stops as asked has done its work: its failures are in the metrics.
  if (config.intervalMs !== null) return 0;
  return report.outcomes.failed > 0 || report.outcomes.ok === 0 ? 1 : 0;
}

async function close(session: Session): Promise<Awaited<ReturnType<Telemetry['shutdown']>>> {
  await session.hub.close();
  session.client.close();
  const telemetry = await session.telemetry.shutdown(flushDeadlineMs);
  const { spans, problems } = telemetry;
  if (telemetry.exporting && problems.length > 0) {
    session.edge.log.warn({ spans, problems }, 'telemetry could not be delivered');
  }
  return telemetry;
}

function reportOf(
  session: Session,
  turnout: Turnout,
  ends: Pick<ProbeReport, 'swept' | 'telemetry'>,
): ProbeReport {
  const { config, client, namespace, traceJoin } = session;
  const { results } = turnout;
  const phases = phaseStatistics(results.results());
  const report = {
    namespace,
    server: client.server.origin,
    traceJoin,
    probes: results.results(),
    probesNotListed: results.notListed(),
    outcomes: results.outcomes(),
    phases,
    failOver: judge(config.failOver, phases),
    swept: ends.swept,
    api: client.use(),
    telemetry: ends.telemetry,
  };
  return { ...report, exitCode: exitCode(report, config) };
}

/**
 * Runs probes as configured and reports. Everything opened is closed and telemetry flushed, within
 * deadlines, on every way out. Rejects with a ConfigError or StartupError of one line when the run
 * cannot begin; nothing was created then. Failed probes are no rejection but in the report.
 */
export async function runProbes(config: ProbeConfig, edge: RunEdge): Promise<ProbeReport> {
  const session = await open(config, edge);
  const turnout: Turnout = { results: createResultLog(), fatal: undefined, anyCreated: false };
  let swept = 0;
  try {
    const tools = await toolsOf(session);
    swept = await sweepLeftovers(session, tools);
    await rounds(session, tools, turnout);
  } catch (caught) {
    edge.log.error({ error: messageOf(caught) }, 'run broken off');
    turnout.fatal ??= caught instanceof Error ? caught : new Error(String(caught));
  }
  const telemetry = await close(session);
  if (turnout.fatal !== undefined) throw turnout.fatal;
  return reportOf(session, turnout, { swept, telemetry });
}
