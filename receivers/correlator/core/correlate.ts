import { slotOf } from '../wire/attributes.ts';
import { keep, type Copy } from '../wire/copy.ts';
import type { Origin } from '../wire/request.ts';
import { traceKey, type SpanFields } from '../wire/span.ts';
import { createBoundedMap } from './bounded-map.ts';
import type { Counts } from './counts.ts';
import { evidenceOf, type Component, type Evidence } from './evidence.ts';
import type { Phase } from './phase.ts';
import type { PodEvent } from './pod-snapshot.ts';
import type { Pod, Pods } from './pods.ts';
import { resolve, type Known, type Resolution } from './resolve.ts';
import { addEvidence, refKey, type Trace, type WaitingSpan } from './trace.ts';
import { createTraceTable, type TraceTableOptions } from './trace-table.ts';
import { createWaiters } from './waiters.ts';

export interface CorrelateOptions extends TraceTableOptions {
  /** Longest time that spans wait for their pod to be known. */
  readonly waitMs: number;
  /** Longest time that a request waits which only a link can tie to a pod. */
  readonly linkWaitMs: number;
  /** A trace that may touch several pods is taken to be whole after this time without a span. */
  readonly settleMs: number;
  /** A trace whose pod is known is remembered this long after its last span. */
  readonly rememberMs: number;
  /** Most container and sandbox ids remembered. */
  readonly maxIds: number;
  /** Stitching into a trace that is not the prober's ends this long after Ready, until the deletion. */
  readonly afterReadyMs: number;
  /** Requests may be stitched that began this long before the deletion was seen. */
  readonly clockToleranceMs: number;
  /** Take part in requests that write Events about a pod. */
  readonly events: boolean;
}

/**
 * The state machine of the correlator. It knows no clock: time comes with each input, in milliseconds since
 * the Unix epoch. Copies that are due come out of take() and are no longer held.
 */
export interface Correlation {
  /** One span of a request. Call settle() after the last. */
  readonly span: (
    span: SpanFields,
    component: Component,
    origin: () => Origin,
    nowMs: number,
  ) => void;
  /** Decides on the traces that spans were added to. */
  readonly settle: (nowMs: number) => void;
  /** A pod came, changed or went. */
  readonly pod: (event: PodEvent) => void;
  /** Lets time pass: gives up what waited too long, forgets what is over. */
  readonly tick: (nowMs: number) => void;
  /** No more input comes: what can be decided is, the rest is counted as dropped. */
  readonly finish: () => void;
  readonly take: () => readonly Copy[];
}

const stitchedSlot = slotOf('kube_latency.stitched');
const podUidSlot = slotOf('k8s.pod.uid');

export function createCorrelation(
  pods: Pods,
  options: CorrelateOptions,
  counts: Counts,
): Correlation {
  const uids = createBoundedMap<string>(options.maxIds);
  const waiters = createWaiters();
  /** To be decided upon at the next occasion. */
  const dirty = new Set<Trace>();
  /** Their one pod is known, but another may come. */
  const unsettled = new Set<Trace>();
  /** Only a link can tell what they are about. */
  const linked = new Set<Trace>();
  let ready: Copy[] = [];

  const table = createTraceTable(options, counts, (trace) => {
    waiters.leave(trace);
    dirty.delete(trace);
    unsettled.delete(trace);
    linked.delete(trace);
  });

  const known: Known = {
    pods,
    uidOfId: uids.get,
    podOfTrace: (traceId) => {
      const verdict = table.get(traceId)?.verdict;
      return verdict?.kind === 'joined' ? verdict.pod : undefined;
    },
  };

  function span(
    fields: SpanFields,
    component: Component,
    origin: () => Origin,
    nowMs: number,
  ): void {
    const id = traceKey(fields);
    const reason = fields.values[stitchedSlot] !== '' ? 'own_output' : table.closedFor(id);
    if (reason !== undefined) {
      counts.dropped[reason]++;
      return;
    }
    const evidence = evidenceOf(fields, component, options);
    const waiting: WaitingSpan = {
      span: keep(fields, origin(), fields.values[podUidSlot] !== ''),
      phase: evidence.entry?.phase ?? (fields.hasParent ? undefined : 'root'),
    };
    const trace = table.get(id) ?? table.begin(id, nowMs);
    const news = addEvidence(trace, evidence, fields);
    if (evidence.sure) learnIds(evidence);
    if (trace.verdict.kind === 'joined') addToJoined(trace, waiting, { news, nowMs });
    else {
      trace.lastMs = nowMs;
      table.hold(trace, waiting);
      // What is only seen to be the pod's own trace has no evidence of its own.
      if (news || (trace.waiting.length === 1 && pods.isTarget(id))) dirty.add(trace);
    }
  }

  function addToJoined(
    trace: Trace,
    waiting: WaitingSpan,
    { news, nowMs }: { news: boolean; nowMs: number },
  ): void {
    if (trace.verdict.kind !== 'joined') return;
    if (news && resolve(trace, known).kind === 'two_pods') {
      counts.twoPodTraces++;
      table.close(trace, 'two_pods');
      counts.dropped.two_pods++;
      return;
    }
    table.touch(trace, nowMs);
    emit(waiting, trace.verdict.pod);
  }

  function emit({ span: kept, phase }: WaitingSpan, pod: Pod): void {
    if (pod.decision.kind === 'unwanted') return;
    const { traceId, parents } = pod.decision;
    const parentId = phase === undefined ? undefined : parents[phaseNow(phase, pod)];
    ready.push({ span: kept, traceId, podUid: pod.uid, parentId });
    counts.stitched++;
  }

  /** Container and sandbox ids beside a uid are that pod's. */
  function learnIds({ refs }: Pick<Evidence, 'refs'>, uid?: string): void {
    const owner = uid ?? refs.find((ref) => ref.kind === 'uid')?.uid;
    if (owner === undefined) return;
    for (const ref of refs) if (ref.kind === 'id') learnId(ref.id, owner);
  }

  function learnId(id: string, uid: string): void {
    if (uids.get(id) === uid) return;
    uids.set(id, uid);
    wake([`c:${id}`]);
  }

  function wake(keys: readonly string[]): void {
    for (const trace of waiters.woken(keys)) dirty.add(trace);
  }

  function settle(nowMs: number): void {
    for (const trace of dirty) {
      dirty.delete(trace);
      if (trace.verdict.kind === 'open') decide(trace, nowMs);
    }
  }

  function decide(trace: Trace, nowMs: number): void {
    if (pods.isTarget(trace.id)) return table.close(trace, 'native');
    if (trace.entry?.about === 'none' && !trace.sure) return table.close(trace, 'no_pod');
    const resolution = resolve(trace, known);
    if (resolution.kind === 'two_pods') {
      counts.twoPodTraces++;
      return table.close(trace, 'two_pods');
    }
    if (resolution.kind === 'waiting') return wait(trace, resolution.uids);
    const { pod } = resolution;
    if (pod.decision.kind === 'unwanted') return table.close(trace, pod.decision.reason);
    if (!inWindow(pod, trace.entry?.during.startMs ?? earliest(trace), options))
      return table.close(trace, 'outside_window');
    if (isSettled(trace) || nowMs - trace.lastMs >= options.settleMs) join(trace, resolution);
    else {
      wait(trace, [pod.uid]);
      unsettled.add(trace);
    }
  }

  function wait(trace: Trace, uidsAwaited: readonly string[]): void {
    if (trace.entry?.about === 'linked') linked.add(trace);
    else linked.delete(trace);
    const keys = trace.refs.map(({ ref }) => refKey(ref));
    waiters.wait(trace, [...keys, ...uidsAwaited.map((uid) => `u:${uid}`)]);
  }

  function join(trace: Trace, { pod, rule }: Extract<Resolution, { kind: 'pod' }>): void {
    counts.resolved[rule]++;
    for (const waiting of table.join(trace, pod)) emit(waiting, pod);
    if (trace.sure || trace.entry?.about === 'one')
      learnIds({ refs: trace.refs.map(({ ref }) => ref) }, pod.uid);
    if (trace.entry?.creates === true) {
      pods.createdDuring(pod, trace.entry.during);
      wake([`n:${pod.namespace}/${pod.name}`]);
    }
    wake([`t:${trace.id}`]);
  }

  function pod(event: PodEvent): void {
    const changed = pods.apply(event);
    if (changed === undefined) return;
    const keys = [`u:${changed.uid}`, `n:${changed.namespace}/${changed.name}`];
    if (event.kind === 'seen') {
      if (event.pod.staticUid !== undefined) keys.push(`u:${event.pod.staticUid}`);
      for (const { id } of event.pod.status?.containers ?? [])
        if (id !== undefined) learnId(id, changed.uid);
    }
    if (changed.decision.kind !== 'unwanted') {
      const traceId = Buffer.from(changed.decision.traceId, 'hex').toString('latin1');
      const native = table.get(traceId);
      if (native?.verdict.kind === 'open') dirty.add(native);
      keys.push(`t:${traceId}`);
    }
    wake(keys);
    settle(event.atMs);
  }

  function tick(nowMs: number): void {
    for (const trace of unsettled) if (nowMs - trace.lastMs >= options.settleMs) dirty.add(trace);
    settle(nowMs);
    for (const trace of linked) {
      if (trace.firstMs > nowMs - options.linkWaitMs) break;
      table.close(trace, 'no_pod');
    }
    table.expire(nowMs - options.waitMs, nowMs - options.rememberMs);
    pods.expire(nowMs);
  }

  function finish(): void {
    for (const trace of unsettled) dirty.add(trace);
    settle(Infinity);
    for (const trace of table.openTraces()) table.close(trace, 'shutdown');
  }

  function take(): readonly Copy[] {
    const copies = ready;
    ready = [];
    return copies;
  }

  return { span, settle, pod, tick, finish, take };
}

/** Nothing that may still come can make it a trace of two pods. */
function isSettled({ sure, entry }: Trace): boolean {
  return sure || entry?.about === 'one' || entry?.about === 'linked';
}

/** A container that is removed while its pod lives on is no part of the pod's end, whose span may be years away. */
function phaseNow(phase: Phase, { decision, endingMs }: Pod): Phase {
  const early = phase === 'cleanup' && decision.kind === 'observed' && endingMs === undefined;
  return early ? 'start' : phase;
}

function earliest(trace: Trace): number {
  return Math.min(...trace.refs.map(({ during }) => during.startMs));
}

/** Traces that are not the prober's tell of a pod's start and of its end, not of all that it lives through. */
function inWindow(
  pod: Pod,
  startMs: number,
  { afterReadyMs, clockToleranceMs }: CorrelateOptions,
): boolean {
  if (pod.decision.kind === 'probed' || pod.readyMs === undefined) return true;
  if (startMs <= pod.readyMs + afterReadyMs) return true;
  return pod.endingMs !== undefined && startMs >= pod.endingMs - clockToleranceMs;
}
