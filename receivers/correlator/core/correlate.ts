import { slotOf } from '../wire/attributes.ts';
import { keep, type Copy } from '../wire/copy.ts';
import type { Origin } from '../wire/request.ts';
import { traceKey, type SpanFields } from '../wire/span.ts';
import { createBoundedMap } from './bounded-map.ts';
import type { Counts, DropReason } from './counts.ts';
import { evidenceOf, type Component, type EvidenceOptions, type Ref } from './evidence.ts';
import { judge, type JudgeOptions, type Judgement } from './judge.ts';
import type { Phase } from './phase.ts';
import type { PodEvent } from './pod-snapshot.ts';
import type { Pod, Pods } from './pods.ts';
import { resolve, type Known } from './resolve.ts';
import { addEvidence, refKey, type Trace, type WaitingSpan } from './trace.ts';
import { createTraceTable, type TraceTableOptions } from './trace-table.ts';
import { createWaiters } from './waiters.ts';

export interface CorrelateOptions extends TraceTableOptions, JudgeOptions, EvidenceOptions {
  /** Longest time that spans wait for their pod to be known. */
  readonly waitMs: number;
  /** Longest time that a request waits for the pod that it names, or is linked to. */
  readonly requestWaitMs: number;
  /** A trace whose pod is known is remembered this long after its last span. */
  readonly rememberMs: number;
  /** Most container and sandbox ids remembered. */
  readonly maxIds: number;
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
  /** Copies that take() would hand out. */
  readonly due: () => number;
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
  /** To be judged at the next occasion. */
  const dirty = new Set<Trace>();
  const unsettled = new Set<Trace>();
  /** Whole requests whose pod is not known: it will be soon, or never. */
  const requests = new Set<Trace>();
  let ready: Copy[] = [];

  const table = createTraceTable(options, counts, (trace) => {
    waiters.leave(trace);
    for (const set of [dirty, unsettled, requests]) set.delete(trace);
  });

  const known: Known = {
    pods,
    uidOfId: uids.get,
    podOfTrace: (traceId) => {
      const verdict = table.get(traceId)?.verdict;
      return verdict?.kind === 'joined' ? verdict.pod : undefined;
    },
  };

  function addSpan(
    span: SpanFields,
    component: Component,
    origin: () => Origin,
    nowMs: number,
  ): void {
    const id = traceKey(span);
    const reason = span.values[stitchedSlot] !== '' ? 'own_output' : table.closedFor(id);
    if (reason !== undefined) {
      counts.dropped[reason]++;
      return;
    }
    const evidence = evidenceOf(span, component, options);
    const waiting: WaitingSpan = {
      span: keep(span, origin(), span.values[podUidSlot] !== ''),
      phase: evidence.entry?.phase ?? (span.hasParent ? undefined : 'root'),
    };
    const trace = table.get(id) ?? table.begin(id, nowMs);
    const news = addEvidence(trace, evidence, span);
    if (evidence.sure) learnIds(evidence.refs);
    if (trace.verdict.kind === 'joined') addToJoined(trace, waiting, { news, nowMs });
    else {
      trace.lastMs = nowMs;
      table.hold(trace, waiting);
      // A span of a pod's own trace need not say anything.
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
      close(trace, 'two_pods');
      counts.dropped.two_pods++;
      return;
    }
    table.touch(trace, nowMs);
    if (news) learnFrom(trace, trace.verdict.pod);
    emit(waiting, trace.verdict.pod);
  }

  function emit({ span, phase }: WaitingSpan, pod: Pod): void {
    if (pod.decision.kind === 'unwanted') return;
    const { traceId, parents } = pod.decision;
    const parentId = phase === undefined ? undefined : parents[phaseNow(phase, pod)];
    ready.push({ span, traceId, podUid: pod.uid, parentId });
    counts.stitched++;
  }

  /** Every container and sandbox that a trace about one pod speaks of is that pod's. */
  function learnFrom({ sure, entry, refs }: Trace, pod: Pod): void {
    const ids = refs.map(({ ref }) => ref);
    if (sure || entry?.about === 'one') learnIds(ids, pod.uid);
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
    for (const trace of dirty) {
      dirty.delete(trace);
      if (trace.verdict.kind === 'open') act(trace, judge(trace, known, { nowMs, options }));
    }
  }

  function act(trace: Trace, judgement: Judgement): void {
    switch (judgement.kind) {
      case 'close':
        return close(trace, judgement.reason);
      case 'join':
        return join(trace, judgement);
      case 'unsettled':
        unsettled.add(trace);
        return wait(trace, [judgement.pod.uid]);
      case 'wait':
        return wait(trace, judgement.uids);
    }
  }

  function close(trace: Trace, reason: DropReason): void {
    if (reason === 'two_pods') counts.twoPodTraces++;
    table.close(trace, reason);
  }

  function wait(trace: Trace, uidsAwaited: readonly string[]): void {
    if (isRequest(trace)) requests.add(trace);
    else requests.delete(trace);
    const keys = trace.refs.map(({ ref }) => refKey(ref));
    waiters.wait(trace, [...keys, ...uidsAwaited.map((uid) => `u:${uid}`)]);
  }

  function join(trace: Trace, { pod, rule }: Extract<Judgement, { kind: 'join' }>): void {
    counts.resolved[rule]++;
    for (const waiting of table.join(trace, pod)) emit(waiting, pod);
    learnFrom(trace, pod);
    if (trace.entry?.creates === true) {
      pods.createdDuring(pod, trace.entry.during);
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
    for (const trace of requests) {
      if (trace.firstMs > nowMs - options.requestWaitMs) break;
      close(trace, trace.entry?.about === 'linked' ? 'no_pod' : 'unresolved');
    }
    table.expire(nowMs - options.waitMs, nowMs - options.rememberMs);
    pods.expire(nowMs);
  }

  function finish(): void {
    for (const trace of unsettled) dirty.add(trace);
    settle(Infinity);
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

/** A pod's name is known as soon as the pod is; what only the runtime knows a pod by may take a syncPod to learn. */
function isRequest({ entry, refs }: Trace): boolean {
  return (
    entry !== undefined && refs.every(({ ref }) => ref.kind === 'name' || ref.kind === 'trace')
  );
}

/** A container that is removed while its pod lives on is no part of the pod's end, whose span may be years away. */
function phaseNow(phase: Phase, { decision, endingMs }: Pod): Phase {
  const early = phase === 'cleanup' && decision.kind === 'observed' && endingMs === undefined;
  return early ? 'start' : phase;
}
