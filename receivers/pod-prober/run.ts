import { sleep, within } from '../shared/deadline.ts';
import { ConfigError, StartupError, toError } from '../shared/errors.ts';
import { assumePromptDelivery, offsetsOf, promptNsOf } from './boundaries.ts';
import { createOffsetMemory } from './clock-offset.ts';
import { mountedNamespace, type ProbeConfig } from './config.ts';
import { createProbeMetrics } from './metrics.ts';
import { createPodApi } from './pod-api.ts';
import { probe, type FinishedProbe, type ProbeTools } from './probe.ts';
import { creationOf, failureOf } from './probe-record.ts';
import type { Owner } from './owner.ts';
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
import { closeSession, openSession, type RunEdge, type Session } from './session.ts';
import { spansOf } from './spans.ts';
import { sweep } from './sweep.ts';
import { createTracing } from './tracing.ts';

const sweepDeadlineMs = 10_000;

/** Who runs the probes: the pod of this process, else the process itself. */
function ownerOf(env: NodeJS.ProcessEnv): Owner {
  const self = thisProcess();
  return thisPod(env, mountedNamespace() ?? env['K8S_NAMESPACE_NAME'], self) ?? self;
}

async function toolsOf(session: Session): Promise<ProbeTools> {
  const { config, namespace, client, clock, hub, telemetry, edge } = session;
  const api = await import('@opentelemetry/api');
  return {
    config,
    namespace,
    owner: ownerOf(edge.env),
    api: createPodApi(client, namespace),
    hub,
    clock,
    tracing: createTracing(api, telemetry.tracer, telemetry.ids),
  };
}

async function sweepLeftovers(session: Session, tools: ProbeTools): Promise<number> {
  const work = sweep(session.hub.leftovers(), {
    client: session.client,
    api: tools.api,
    self: tools.owner,
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
  swept: number;
}

/** Whoever waits for the report hears of each probe as it ends. */
function tell({ config, edge }: Session, result: ProbeResult, nth: number): void {
  const { namespace, pod, outcome, reason, traceId } = result;
  const of = config.intervalMs === null ? `/${config.count}` : '';
  const how = outcome === 'ok' ? 'ok' : `failed: ${reason}`;
  edge.log.info({ traceId }, `probe ${nth}${of}: ${namespace}/${pod} ${how}`);
}

function finisher(session: Session, turnout: Turnout): (finished: FinishedProbe) => void {
  const memory = createOffsetMemory();
  const metrics = createProbeMetrics(session.telemetry.meter, session.telemetry.losses);
  let finishedProbes = 0;
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
    tell(session, result, ++finishedProbes);
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
  const workers = Array.from({ length: Math.min(count, concurrency) }, () =>
    worker().catch((caught: unknown) => {
      // A fault of our own: the other workers finish the probes that they have begun, then it is told.
      how.turnout.fatal ??= toError(caught);
    }),
  );
  await Promise.all(workers);
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
    turnout.swept += await sweepLeftovers(session, tools);
  }
}

function exitCode(report: Omit<ProbeReport, 'exitCode'>, config: ProbeConfig): 0 | 1 {
  if (config.requireExport && report.telemetry.problems.length > 0) return 1;
  if (report.failOver.some((each) => !each.kept)) return 1;
  // A daemon that stops as asked has done its work: its failures are in the metrics.
  if (config.intervalMs !== null) return 0;
  if (report.interrupted) return 1;
  return report.outcomes.failed > 0 || report.outcomes.ok === 0 ? 1 : 0;
}

/** Whether the run was cut short; one with an interval only ends by being stopped. */
function isInterrupted({ count, intervalMs }: ProbeConfig, { results }: Turnout): boolean {
  if (intervalMs !== null) return false;
  const { ok, failed } = results.outcomes();
  return ok + failed < count || results.results().some(({ reason }) => reason === 'cancelled');
}

function reportOf(
  session: Session,
  turnout: Turnout,
  telemetry: ProbeReport['telemetry'],
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
    asked: config.count,
    interrupted: isInterrupted(config, turnout),
    outcomes: results.outcomes(),
    phases,
    failOver: judge(config.failOver, phases),
    swept: turnout.swept,
    api: client.use(),
    telemetry,
  };
  return { ...report, exitCode: exitCode(report, config) };
}

/**
 * Runs probes as configured and reports. Everything opened is closed and telemetry flushed, within
 * deadlines, on every way out. Rejects with a ConfigError or StartupError of one line when the run
 * cannot begin; nothing was created then. Failed probes are no rejection but in the report.
 */
export async function runProbes(config: ProbeConfig, edge: RunEdge): Promise<ProbeReport> {
  const session = await openSession(config, edge);
  const results = createResultLog();
  const turnout: Turnout = { results, fatal: undefined, anyCreated: false, swept: 0 };
  try {
    const tools = await toolsOf(session);
    turnout.swept = await sweepLeftovers(session, tools);
    await rounds(session, tools, turnout);
  } catch (caught) {
    turnout.fatal ??= toError(caught);
  }
  const telemetry = await closeSession(session);
  if (turnout.fatal !== undefined) throw turnout.fatal;
  return reportOf(session, turnout, telemetry);
}
