import type { PodName } from './names.ts';
import type { PodEvent, PodSnapshot } from './pod-snapshot.ts';
import { decideTarget, mayChoose, type TargetDecision, type TargetRules } from './target.ts';

/** One incarnation of a pod. What is not known exactly is known by bounds. */
export interface Pod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  decision: TargetDecision;
  /** The pod did not exist before, and existed after. */
  createdAfterMs: number;
  createdBeforeMs: number;
  /** It was ready by then; undefined: not yet, or not watched. */
  readyMs: number | undefined;
  /** Its deletion was asked for, or its last container had ended, by then. */
  endingMs: number | undefined;
  /** It was gone by then. */
  goneMs: number | undefined;
  /** Traces that are its own on the word of a link. */
  linkedTraces: number;
}

export interface PodsOptions {
  readonly rules: TargetRules;
  /** By how much the API server's clock may differ from this node's. */
  readonly clockToleranceMs: number;
  /** A pod that is gone is remembered for its late spans. */
  readonly retentionMs: number;
  /** Most pods remembered that are gone. */
  readonly maxGone: number;
}

/** When a request ran, by the clock of who served it. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** What a request had to do with the pod of its name: it made it, found it there, or found it no longer there. */
export type Asked = 'creates' | 'finds' | 'misses';

export type Incarnation =
  { readonly kind: 'one'; readonly pod: Pod } | { readonly kind: 'unknown' | 'ambiguous' | 'none' };

export interface Pods {
  /** Takes an event in; returns the pod it concerns, undefined when it changes nothing. */
  readonly apply: (event: PodEvent) => Pod | undefined;
  /** By uid, also by that of a static pod's manifest. */
  readonly byUid: (uid: string) => Pod | undefined;
  /** The pod whose trace this is, where it is the trace of one pod only. */
  readonly byTrace: (traceId: string) => Pod | undefined;
  /** True when some pod's spans go to this trace. */
  readonly isTarget: (traceId: string) => boolean;
  /** The incarnation under a name that a request was about. */
  readonly incarnation: (of: PodName, during: Interval, asked: Asked) => Incarnation;
  /** A pod of this name is remembered. */
  readonly isKnown: (name: PodName) => boolean;
  /** A request that created the pod bounds its creation closer than a timestamp of whole seconds. */
  readonly createdDuring: (pod: Pod, interval: Interval) => void;
  /** Some pod of this namespace may have a target. */
  readonly mayBeChosen: (namespace: string) => boolean;
  /** Forgets pods that are long gone. */
  readonly expire: (nowMs: number) => void;
  readonly size: () => number;
}

const pathOf = ({ namespace, name }: PodName): string => `${namespace}/${name}`;

/** Trace ids in hex are for people; maps here use latin1, as spans carry them. */
function traceKeyOf({ decision }: Pod): string | undefined {
  return decision.kind === 'unwanted'
    ? undefined
    : Buffer.from(decision.traceId, 'hex').toString('latin1');
}

function drop<T>(map: Map<string, T[]>, key: string, item: T): void {
  const rest = map.get(key)?.filter((each) => each !== item) ?? [];
  if (rest.length === 0) map.delete(key);
  else map.set(key, rest);
}

function put<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

export function createPods(options: PodsOptions): Pods {
  const { rules, clockToleranceMs } = options;
  const pods = new Map<string, Pod>();
  const staticUids = new Map<string, string>();
  const paths = new Map<string, Pod[]>();
  const traces = new Map<string, Pod[]>();
  const gone = new Set<Pod>();

  function add(snapshot: PodSnapshot, atMs: number): Pod {
    const createdMs = snapshot.staticSeenMs ?? snapshot.createdMs;
    const pod: Pod = {
      uid: snapshot.uid,
      namespace: snapshot.namespace,
      name: snapshot.name,
      decision: decideTarget(snapshot, rules),
      createdAfterMs: createdMs - clockToleranceMs,
      createdBeforeMs: Math.min(atMs, snapshot.createdMs + 1000 + clockToleranceMs),
      readyMs: undefined,
      endingMs: undefined,
      goneMs: undefined,
      linkedTraces: 0,
    };
    pods.set(pod.uid, pod);
    put(paths, pathOf(pod), pod);
    const trace = traceKeyOf(pod);
    if (trace !== undefined) put(traces, trace, pod);
    return pod;
  }

  function see(snapshot: PodSnapshot, atMs: number): Pod {
    const known = pods.get(snapshot.uid);
    const pod = known ?? add(snapshot, atMs);
    if (known?.decision.kind === 'unwanted') {
      known.decision = decideTarget(snapshot, rules);
      const trace = traceKeyOf(known);
      if (trace !== undefined) put(traces, trace, known);
    }
    if (snapshot.staticUid !== undefined) setStatic(snapshot.staticUid, pod);
    pod.readyMs ??= snapshot.status?.readyMs;
    if (snapshot.deletionMs !== undefined)
      pod.endingMs ??= Math.min(atMs, snapshot.deletionMs + clockToleranceMs);
    if (hasEnded(snapshot)) pod.endingMs ??= atMs;
    if (pod.goneMs !== undefined) {
      pod.goneMs = undefined;
      gone.delete(pod);
    }
    return pod;
  }

  /** A manifest's uid stays with the mirror that claimed it first, for as long as that lives. */
  function setStatic(staticUid: string, pod: Pod): void {
    const owner = pods.get(staticUids.get(staticUid) ?? '');
    if (owner === undefined || owner.goneMs !== undefined) staticUids.set(staticUid, pod.uid);
  }

  function forget(pod: Pod): void {
    gone.delete(pod);
    pods.delete(pod.uid);
    drop(paths, pathOf(pod), pod);
    const trace = traceKeyOf(pod);
    if (trace !== undefined) drop(traces, trace, pod);
    for (const [staticUid, uid] of staticUids) if (uid === pod.uid) staticUids.delete(staticUid);
  }

  function leave(uid: string, atMs: number): Pod | undefined {
    const pod = pods.get(uid);
    if (pod === undefined || pod.goneMs !== undefined) return undefined;
    pod.goneMs = atMs;
    pod.endingMs ??= atMs;
    gone.add(pod);
    const [oldest] = gone;
    if (oldest !== undefined && gone.size > options.maxGone) forget(oldest);
    return pod;
  }

  return {
    apply: (event) =>
      event.kind === 'seen' ? see(event.pod, event.atMs) : leave(event.uid, event.atMs),
    byUid: (uid) => pods.get(uid) ?? pods.get(staticUids.get(uid) ?? ''),
    byTrace: (traceId) => {
      const [only, ...others] = traces.get(traceId) ?? [];
      return others.length === 0 ? only : undefined;
    },
    isTarget: (traceId) => traces.has(traceId),
    incarnation: (of, during, asked) => {
      const all = paths.get(pathOf(of));
      if (all === undefined) return { kind: 'unknown' };
      const fitting = choices[asked](all, during);
      if (fitting.length > 1) return { kind: 'ambiguous' };
      const [pod] = fitting;
      return pod === undefined ? { kind: 'none' } : { kind: 'one', pod };
    },
    isKnown: (name) => paths.has(pathOf(name)),
    createdDuring: (pod, { startMs, endMs }) => {
      pod.createdAfterMs = Math.max(pod.createdAfterMs, startMs);
      pod.createdBeforeMs = Math.min(pod.createdBeforeMs, endMs);
    },
    mayBeChosen: (namespace) => mayChoose(rules, namespace),
    expire: (nowMs) => {
      for (const pod of gone) {
        if ((pod.goneMs ?? nowMs) + options.retentionMs > nowMs) return;
        forget(pod);
      }
    },
    size: () => pods.size,
  };
}

/** All its containers ran to their end, and none is started again. */
export function hasEnded({ status }: PodSnapshot): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function createdIn(pods: readonly Pod[], { startMs, endMs }: Interval): Pod[] {
  return pods.filter((pod) => pod.createdAfterMs <= endMs && pod.createdBeforeMs >= startMs);
}

/** Any that there was may be asked for, but nobody asks for one that is yet to come. */
function knownBy(pods: readonly Pod[], { startMs }: Interval): Pod[] {
  return pods.filter((pod) => pod.createdBeforeMs <= startMs);
}

/**
 * The incarnations that a request can have found when it began: one that surely existed by then rules out
 * those before it. Two are left where the clocks do not tell whether the next was already there.
 */
function livingIn(pods: readonly Pod[], { startMs }: Interval): Pod[] {
  const possible = pods
    .filter((pod) => pod.createdAfterMs <= startMs && (pod.goneMs ?? Infinity) >= startMs)
    .toSorted((a, b) => a.createdAfterMs - b.createdAfterMs);
  const sure = possible.findLastIndex((pod) => pod.createdBeforeMs <= startMs);
  return possible.slice(Math.max(sure, 0));
}

const choices: Readonly<Record<Asked, (pods: readonly Pod[], during: Interval) => readonly Pod[]>> =
  { creates: createdIn, finds: livingIn, misses: knownBy };
