import { slotOf } from '../wire/attributes.ts';
import type { Copy } from '../wire/copy.ts';
import type { Origin } from '../wire/request.ts';
import { hasTraceId, traceKey, type SpanFields } from '../wire/span.ts';
import { createBoundedMap } from './bounded-map.ts';
import type { Counts, DropReason } from './counts.ts';
import { evidenceOf, type Component, type EvidenceOptions, type Ref } from './evidence.ts';
import { judge, type JudgeOptions, type Judgement } from './judge.ts';
import { createPatience, type PatienceOptions } from './patience.ts';
import { createPendingSpans, keptSpan, pendingSpan } from './pending.ts';
import type { Phase } from './phase.ts';
import type { PodEvent } from './pod-snapshot.ts';
import type { Pod, Pods } from './pods.ts';
import { contradicts, type Known } from './resolve.ts';
import { addEvidence, createTrace, refKey, type Trace, type WaitingSpan } from './trace.ts';
import { createTraceTable, type TraceTableOptions } from './trace-table.ts';
import { createWaiters } from './waiters.ts';
import { partOfLife, type PartOfLife } from './window.ts';

export interface CorrelateOptions
  extends TraceTableOptions, JudgeOptions, PatienceOptions, EvidenceOptions {
  /** Longest time that spans wait for their pod to be known. */
  readonly waitMs: number;
  /** A trace whose pod is known is remembered this long after its last span. */
  readonly rememberMs: number;
  /** Most spans of one trace that wait. */
  readonly maxTraceSpans: number;
  /** Most container and sandbox ids remembered. */
  readonly maxIds: number;
  /** Every pod of ours is known as soon as it is there: all are listed, and the watches stand. */
  readonly watching: () => boolean;
  /** The request that created a pod of ours was among the spans. */
  readonly created: (uid: string) => void;
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
  /** No more input comes: what waits for more is counted as dropped. */
  readonly finish: () => void;
  /** Copies that take() would hand out. */
  readonly due: () => number;
  readonly take: () => readonly Copy[];
}

const stitchedSlot = slotOf('kube_latency.stitched');

export function createCorrelation(
  pods: Pods,
  options: CorrelateOptions,
  counts: Counts,
): Correlation {
  const uids = createBoundedMap<string>(options.maxIds);
  const waiters = createWaiters();
  /** To be judged at the next occasion. */
  const dirty = new Set<Trace>();
  const unsettled = new Set<Trace>();
  const patience = createPatience(options, pods.isKnown);
  const pending = createPendingSpans();
  let latest: Trace | undefined;
  let ready: Copy[] = [];

  const decided = (trace: Trace): void => {
    waiters.leave(trace);
    patience.leave(trace);
    for (const set of [dirty, unsettled]) set.delete(trace);
  };
  const table = createTraceTable(options, counts, decided, patience.isInDoubt);

  const known: Known = {
    pods,
    uidOfId: uids.get,
    podOfTrace: (traceId) => {
      const verdict = table.get(traceId)?.verdict;
      return verdict?.kind === 'joined' ? verdict.pod : undefined;
    },
    isClosed: (traceId) => table.closedFor(traceId) !== undefined,
  };

  function addSpan(
    span: SpanFields,
    component: Component,
    origin: () => Origin,
    nowMs: number,
  ): void {
    if (span.values[stitchedSlot] !== '') {
      counts.dropped.own_output++;
      return;
    }
    const trace = traceOf(span, nowMs);
    if (trace.verdict.kind === 'closed') {
      counts.dropped[trace.verdict.reason]++;
      return;
    }
    const evidence = evidenceOf(span, component, options);
    if (evidence.sure) learnIds(evidence.refs);
    trace.firstStartMs = Math.min(trace.firstStartMs, span.startMs);
    const phase = evidence.entry?.phase ?? (span.hasParent ? undefined : 'root');
    pending.add(trace, span, phase, origin);
    if (trace.verdict.kind === 'joined') {
      table.touch(trace, nowMs);
      checkJoined(trace, trace.verdict.pod, evidence.refs);
      return;
    }
    const news = addEvidence(trace, evidence, span);
    trace.lastMs = nowMs;
    trace.spans++;
    if (trace.spans > options.maxTraceSpans) close(trace, 'trace_too_large');
    // A span of a pod's own trace need not say anything.
    if (news || (trace.spans === 1 && pods.isTarget(trace.id))) dirty.add(trace);
  }

  /** Spans of one trace mostly follow each other. */
  function traceOf(span: SpanFields, nowMs: number): Trace {
    if (latest !== undefined && hasTraceId(span, latest.id)) return latest;
    const id = traceKey(span);
    latest = table.get(id) ?? closedTrace(id) ?? table.begin(id, nowMs);
    return latest;
  }

  function closedTrace(id: string): Trace | undefined {
    const reason = table.closedFor(id);
    return reason === undefined
      ? undefined
      : { ...createTrace(id, 0), verdict: { kind: 'closed', reason } };
  }

  function checkJoined(trace: Trace, pod: Pod, refs: readonly Ref[]): void {
    if (refs.some((ref) => contradicts(ref, pod, known))) close(trace, 'two_pods');
    else if (isAboutOne(trace)) learnIds(refs, pod.uid);
  }

  /** Decides what becomes of the spans of the request that was read, by what became of their traces. */
  function placePending(): void {
    latest = undefined;
    pending.drain((trace, row) => {
      const { verdict } = trace;
      if (verdict.kind === 'closed') counts.dropped[verdict.reason]++;
      else if (verdict.kind === 'joined')
        emit(
          { span: pendingSpan(row), phase: row.phase, startMs: row.startMs },
          trace,
          verdict.pod,
        );
      else table.hold(trace, { span: keptSpan(row), phase: row.phase, startMs: row.startMs });
    });
  }

  function emit({ span, phase, startMs }: WaitingSpan, trace: Trace, pod: Pod): void {
    if (pod.decision.kind === 'unwanted') return void counts.dropped[pod.decision.reason]++;
    const part = partOfLife(pod, trace, startMs, options);
    if (part === 'between') return void counts.dropped.outside_window++;
    const { traceId, parents } = pod.decision;
    const parentId = phase === undefined ? undefined : parents[phaseIn(part, phase, pod)];
    ready.push({ span, traceId, podUid: pod.uid, parentId });
    counts.stitched++;
  }

  /** Container and sandbox ids beside a uid are that pod's. */
  function learnIds(refs: readonly Ref[], uid?: string): void {
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
    while (dirty.size > 0) {
      const traces = [...dirty];
      dirty.clear();
      for (const trace of traces)
        if (trace.verdict.kind === 'open')
          act(trace, judge(trace, known, { nowMs, options }), nowMs);
    }
    placePending();
  }

  function act(trace: Trace, judgement: Judgement, nowMs: number): void {
    switch (judgement.kind) {
      case 'close':
        return close(trace, judgement.reason);
      case 'join':
        return join(trace, judgement);
      case 'unsettled':
        if (trace.entry !== undefined) unsettled.add(trace);
        return wait(trace, [judgement.pod.uid], nowMs);
      case 'wait':
        return wait(trace, judgement.uids, nowMs);
    }
  }

  function close(trace: Trace, reason: DropReason): void {
    if (reason === 'two_pods') counts.twoPodTraces++;
    table.close(trace, reason);
    wake([`t:${trace.id}`]);
  }

  function wait(trace: Trace, uidsAwaited: readonly string[], nowMs: number): void {
    patience.wait(trace, nowMs);
    const keys = trace.refs.map(({ ref }) => refKey(ref));
    waiters.wait(trace, [...keys, ...uidsAwaited.map((uid) => `u:${uid}`)]);
  }

  function join(trace: Trace, { pod, rule }: Extract<Judgement, { kind: 'join' }>): void {
    counts.resolved[rule]++;
    if (rule === 'link') pod.linkedTraces++;
    for (const waiting of table.join(trace, pod)) emit(waiting, trace, pod);
    const refs = trace.refs.map(({ ref }) => ref);
    if (isAboutOne(trace)) learnIds(refs, pod.uid);
    trace.refs = [];
    if (trace.entry?.creates === true) {
      pods.createdDuring(pod, trace.entry.during);
      options.created(pod.uid);
      wake([`n:${pod.namespace}/${pod.name}`]);
    }
    wake([`t:${trace.id}`]);
  }

  function changePod(event: PodEvent): void {
    const pod = pods.apply(event);
    if (pod === undefined) return;
    const keys = [`u:${pod.uid}`, `n:${pod.namespace}/${pod.name}`];
    if (event.kind === 'seen') {
      if (event.pod.staticUid !== undefined) keys.push(`u:${event.pod.staticUid}`);
      for (const { id } of event.pod.status?.containers ?? [])
        if (id !== undefined) learnId(id, pod.uid);
    }
    if (pod.decision.kind !== 'unwanted') {
      const traceId = Buffer.from(pod.decision.traceId, 'hex').toString('latin1');
      const own = table.get(traceId);
      if (own?.verdict.kind === 'open') dirty.add(own);
      keys.push(`t:${traceId}`);
    }
    wake(keys);
    settle(event.atMs);
  }

  function tick(nowMs: number): void {
    for (const trace of unsettled) if (nowMs - trace.lastMs >= options.settleMs) dirty.add(trace);
    settle(nowMs);
    for (const [trace, reason] of patience.over(nowMs, options.watching())) close(trace, reason);
    table.expire(nowMs - options.waitMs, nowMs - options.rememberMs);
    pods.expire(nowMs);
  }

  function finish(): void {
    for (const trace of table.openTraces()) close(trace, 'shutdown');
  }

  function take(): readonly Copy[] {
    const copies = ready;
    ready = [];
    return copies;
  }

  return {
    span: addSpan,
    settle,
    pod: changePod,
    tick,
    finish,
    due: () => ready.length,
    take,
  };
}

/** Every container and sandbox that it speaks of is its pod's. */
function isAboutOne({ sure, entry }: Trace): boolean {
  return sure || entry?.about === 'one';
}

/**
 * All that begins in an observed pod's end is part of that; a container that is removed while its pod lives on is
 * not, for the span of the end may be years away.
 */
function phaseIn(part: PartOfLife, phase: Phase, { decision }: Pod): Phase {
  if (decision.kind !== 'observed') return phase;
  if (part === 'end') return 'cleanup';
  return phase === 'cleanup' ? 'start' : phase;
}
