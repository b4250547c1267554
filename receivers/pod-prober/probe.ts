import { startDeadline, startGrace, type Deadline } from '../shared/deadline.ts';
import { derivedSpanId } from '../shared/derived-id.ts';
import { formatDuration } from '../shared/duration.ts';
import { randomHex } from '../shared/span-ids.ts';
import type { SpanAddress } from '../shared/traceparent.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import type { ProbeConfig } from './config.ts';
import { orAsCreated, type Facts } from './facts.ts';
import { hopeless, lateBecause, type Failure } from './failure.ts';
import { awaitFirstPacket } from './first-packet.ts';
import type { Owner } from './owner.ts';
import { phaseSpans } from './phases.ts';
import type { PodApi, Written } from './pod-api.ts';
import type { FollowedPod, PodHub } from './pod-hub.ts';
import { podState } from './pod-objects.ts';
import { instanceLabel, probePod } from './pod-spec.ts';
import type { PodState } from './pod-state.ts';
import type { FirstPacketRecord, ProbeIdentity, ProbeRecord, WriteRecord } from './probe-record.ts';
import { mainSpan } from './spans.ts';
import type { OpenTrace, Tracing } from './tracing.ts';

/** What a probe works with; shared by all probes of a run. */
export interface ProbeTools {
  readonly config: ProbeConfig;
  readonly namespace: string;
  readonly owner: Owner;
  readonly api: PodApi;
  readonly hub: PodHub;
  readonly clock: WallClock;
  readonly tracing: Tracing;
}

/** Budgets in milliseconds that a user does not set. */
const limits = {
  /** A create that the run's end must not cut: its answer tells whether there is a pod to delete. */
  create: 30_000,
  /** How long a first packet may take once the pod is Ready. */
  packetAfterReady: 10_000,
  /** How long the label patch may take to be seen. */
  update: 30_000,
  /** How long the deletion may take until the pod is gone. */
  gone: 60_000,
  /** How long a pod of a create without an answer is looked for. */
  doubtful: 2000,
  /** Late Events are waited for this long after the pod is gone. */
  lateEvents: 250,
} as const;

/** The same once the run is to stop: programs get 30 s between SIGTERM and SIGKILL. */
const stoppingLimits = { create: 3000, gone: 12_000 } as const;

/** The pod ends by itself this long after the probe's budget, should everything else fail. */
const activeDeadlineMarginMs = 60_000;

export interface FinishedProbe {
  readonly record: ProbeRecord;
  readonly trace: OpenTrace;
}

interface Running {
  readonly tools: ProbeTools;
  readonly identity: ProbeIdentity;
  readonly pod: FollowedPod;
  /** Ends with the run or the probe's budget. */
  readonly budget: Deadline;
  readonly stopping: AbortSignal;
}

function spanOf(identity: ProbeIdentity, name: string): SpanAddress {
  const { traceId, sampled } = identity;
  return { traceId, sampled, spanId: derivedSpanId(traceId, name) };
}

async function create(running: Running): Promise<Written> {
  const { tools, identity } = running;
  const { config, namespace, owner } = tools;
  const graceMs = limits.gone + activeDeadlineMarginMs;
  const pod = probePod(config.pod, {
    namespace,
    name: identity.podName,
    main: spanOf(identity, mainSpan),
    owner,
    deadlineMs: Date.now() + config.timeoutMs + graceMs,
    activeDeadlineSeconds: Math.ceil((config.timeoutMs + graceMs) / 1000),
  });
  const timeoutMs = Math.min(config.timeoutMs, limits.create);
  const grace = startGrace(timeoutMs, running.stopping, stoppingLimits.create);
  const span = spanOf(identity, phaseSpans.create);
  const written = await tools.api.create(pod, span, { timeoutMs, signal: grace.signal });
  grace.clear();
  return written;
}

function ready(facts: Facts): boolean {
  return facts.sights.ready !== undefined;
}

async function waitForReady(running: Running): Promise<Failure | null> {
  const { pod, budget, tools } = running;
  await pod.until((facts) => ready(facts) || hopeless(facts) !== undefined, budget.signal);
  const facts = pod.facts();
  if (ready(facts)) return null;
  const failure = hopeless(facts);
  if (failure !== undefined) return failure;
  if (!budget.expired()) {
    return { reason: 'cancelled', message: 'the run was stopped before the pod was Ready' };
  }
  return lateBecause(facts, formatDuration(tools.config.timeoutMs));
}

/** Waits for the address, then for the first answer; undefined where none is asked for or came up. */
async function firstPacket(running: Running, stop: AbortSignal): Promise<FirstPacketRecord | null> {
  const { tools, pod, stopping } = running;
  const { firstPacket: transport, port } = tools.config;
  if (transport === 'none') return null;
  await pod.until((facts) => facts.sights.address !== undefined, stop);
  const facts = pod.facts();
  const [address, knownNs] = [facts.pod?.address, facts.sights.address];
  if (address === undefined || knownNs === undefined) return null;
  const options = { transport, target: { address, port }, clock: tools.clock, knownNs };
  return awaitFirstPacket(options, stop, () => stopping.aborted);
}

interface Waited {
  readonly waitFailure: Failure | null;
  readonly waitedNs: bigint;
  readonly packet: FirstPacketRecord | null;
}

/** Ready and the first packet side by side; without Ready nobody waits for a packet any longer. */
async function waitForPod(running: Running): Promise<Waited> {
  const packetStop = new AbortController();
  const packetWork = firstPacket(running, packetStop.signal);
  const waitFailure = await waitForReady(running);
  const waitedNs = running.tools.clock.nowNs();
  if (waitFailure !== null) packetStop.abort();
  const deadline = startDeadline(limits.packetAfterReady, running.budget.signal);
  const late = (): void => packetStop.abort();
  deadline.signal.addEventListener('abort', late);
  if (deadline.signal.aborted) late();
  const packet = await packetWork;
  deadline.clear();
  return { waitFailure, waitedNs, packet: waitFailure === null ? packet : answered(packet) };
}

/** Of a pod that never was Ready a missing packet says nothing new, an answered one does. */
function answered(packet: FirstPacketRecord | null): FirstPacketRecord | null {
  return packet?.failure === null ? packet : null;
}

/** Patches the label and waits until the watch shows it. */
async function update(running: Running): Promise<WriteRecord> {
  const { tools, identity, pod, budget } = running;
  const patch = { metadata: { labels: { [instanceLabel]: identity.instance } } };
  const deadline = startDeadline(limits.update, budget.signal);
  try {
    const { record } = await tools.api.patch(
      identity.podName,
      patch,
      spanOf(identity, phaseSpans.update),
      { timeoutMs: limits.update, signal: deadline.signal },
    );
    if (record.failure !== null) return record;
    const seen = (facts: Facts): boolean =>
      facts.sights.labelled !== undefined || facts.sights.gone !== undefined;
    await pod.until(seen, deadline.signal);
    if (pod.facts().sights.labelled !== undefined) return record;
    const stopped = deadline.signal.aborted && !deadline.expired() && !budget.expired();
    const reason = stopped ? 'cancelled' : 'deadline';
    const message = `label ${instanceLabel} of pod ${identity.podName} was not seen in the watch`;
    return { ...record, failure: { reason, message } };
  } finally {
    deadline.clear();
  }
}

/**
 * Whether there may be a pod although its create failed: the request left and no answer came. The name
 * is random: a pod that has it already (409) is ours, of a request that something on the way repeated.
 */
function isDoubtful(created: Written): boolean {
  const { answer } = created;
  if (answer.kind === 'answer') return answer.status >= 500 || answer.status === 409;
  return answer.sentNs !== null;
}

/** A pod that was created is gone without our doing; not known where our own deletion was repeated. */
function goneBefore(running: Running, write: WriteRecord, uid: string | undefined): Failure | null {
  if (uid === undefined || write.resends > 0) return null;
  const message = `pod ${running.identity.podName} was gone before the probe deleted it`;
  return { reason: 'deleted', message };
}

/**
 * Deletes the pod and waits until it is gone, with deadlines of its own: neither the end of the run
 * nor that of the probe's budget cuts it short of the deletion itself.
 */
async function cleanUp(running: Running, uid: string | undefined): Promise<WriteRecord> {
  const { tools, identity, pod, stopping } = running;
  const grace = startGrace(limits.gone, stopping, stoppingLimits.gone);
  try {
    const { record } = await tools.api.remove(
      { name: identity.podName, uid },
      spanOf(identity, phaseSpans.cleanup),
      { timeoutMs: limits.gone, signal: grace.signal },
    );
    if (record.failure !== null) return record;
    if (record.status === 404) return { ...record, failure: goneBefore(running, record, uid) };
    const gone = (facts: Facts): boolean => facts.sights.gone !== undefined;
    if ((await pod.until(gone, grace.signal)) === 'met') return record;
    const message = `pod ${identity.podName} was deleted but is not gone yet`;
    return { ...record, failure: { reason: 'deadline', message } };
  } finally {
    grace.clear();
  }
}

/** A create without an answer may have made a pod, now or in a moment: look for it and delete it. */
async function cleanUpDoubtful(running: Running): Promise<WriteRecord | null> {
  const { pod } = running;
  const deadline = startDeadline(limits.doubtful);
  await pod.until((facts) => facts.sights.found !== undefined, deadline.signal);
  deadline.clear();
  return cleanUp(running, pod.facts().pod?.uid);
}

/** Events lag behind the pod; without a moment's patience the last ones would be missed. */
async function awaitLateEvents(running: Running): Promise<void> {
  const { pod, tools } = running;
  if (!tools.hub.hearsEvents()) return;
  const deadline = startDeadline(limits.lateEvents);
  await pod.until((facts) => {
    const reasons = new Set([...facts.notes.values()].map((note) => note.reason));
    const started = facts.sights.started === undefined || reasons.has('Started');
    return reasons.has('Scheduled') && reasons.has('Killing') && started;
  }, deadline.signal);
  deadline.clear();
}

/** The pod as the answer to its create tells it; undefined where there is no such answer. */
function createdPod(created: Written): PodState | undefined {
  const { answer, record } = created;
  if (record.failure !== null || answer.kind !== 'answer') return undefined;
  const pod = podState(answer.body ?? {});
  return pod.uid === '' ? undefined : pod;
}

type Outcome = Omit<ProbeRecord, 'identity' | 'startNs' | 'endNs' | 'facts'>;

async function afterCreate(running: Running, created: Written): Promise<Outcome> {
  const { tools } = running;
  const base = { create: created.record, firstPacket: null, update: null };
  if (created.record.failure !== null) {
    const waitedNs = tools.clock.nowNs();
    const cleanup = isDoubtful(created) ? await cleanUpDoubtful(running) : null;
    return { ...base, waitedNs, waitFailure: null, cleanup, cleanedNs: tools.clock.nowNs() };
  }
  const { waitFailure, waitedNs, packet } = await waitForPod(running);
  const updated =
    waitFailure === null && !running.budget.signal.aborted ? await update(running) : null;
  const cleanup = await cleanUp(running, createdPod(created)?.uid);
  const cleanedNs = tools.clock.nowNs();
  await awaitLateEvents(running);
  const waited = { waitedNs, waitFailure, firstPacket: packet };
  return { create: created.record, ...waited, update: updated, cleanup, cleanedNs };
}

/**
 * One probe: create, wait for Ready and for the first packet, patch, delete, wait until it is gone.
 * Whatever happens the pod is deleted; failures are in the record. Never rejects.
 */
export async function probe(tools: ProbeTools, stopping: AbortSignal): Promise<FinishedProbe> {
  const instance = randomHex(8);
  const traceId = randomHex(16);
  const startNs = tools.clock.nowNs();
  const trace = tools.tracing.begin({ traceId, startNs, instance });
  const podName = `probe-${instance}`;
  const { namespace } = tools;
  const identity = { instance, traceId, sampled: trace.sampled, namespace, podName };
  const pod = tools.hub.follow(podName);
  const budget = startDeadline(tools.config.timeoutMs, stopping);
  const running: Running = { tools, identity, pod, budget, stopping };
  try {
    const created = await create(running);
    const outcome = await afterCreate(running, created);
    const endNs = outcome.cleanedNs ?? outcome.waitedNs;
    const facts = orAsCreated(pod.facts(), createdPod(created));
    const record = { identity, startNs, endNs, facts, ...outcome };
    return { record, trace };
  } finally {
    budget.clear();
    pod.close();
  }
}
