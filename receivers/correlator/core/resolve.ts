import { rules, type Ref, type Rule } from './evidence.ts';
import type { Asked, Interval, Pod, Pods } from './pods.ts';
import type { TimedRef, Trace } from './trace.ts';

/** What the hints of a trace come to. */
export type Resolution =
  | { readonly kind: 'pod'; readonly pod: Pod; readonly rule: Rule }
  /** Keys to wait for, as refKey() makes them, beside those of the hints themselves. */
  | { readonly kind: 'waiting'; readonly uids: readonly string[] }
  | { readonly kind: 'two_pods' };

/** What resolving looks up. */
export interface Known {
  readonly pods: Pods;
  /** Uid of the pod that a container or sandbox id belongs to. */
  readonly uidOfId: (id: string) => string | undefined;
  /** The pod that another original trace was joined to. */
  readonly podOfTrace: (traceId: string) => Pod | undefined;
  /** Another original trace is known to be about no pod that is stitched. */
  readonly isClosed: (traceId: string) => boolean;
}

interface Found {
  readonly uids: ReadonlyMap<string, Rule>;
  readonly names: ReadonlyMap<string, Rule>;
  readonly unknownIds: boolean;
}

const byTrust = (a: TimedRef, b: TimedRef): number =>
  rules.indexOf(a.ref.rule) - rules.indexOf(b.ref.rule);

function setOnce<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (!map.has(key)) map.set(key, value);
}

function gather(refs: readonly TimedRef[], known: Known): Found {
  const uids = new Map<string, Rule>();
  const names = new Map<string, Rule>();
  let unknownIds = false;
  for (const { ref } of refs) {
    if (ref.kind === 'name') setOnce(names, `${ref.pod.namespace}/${ref.pod.name}`, ref.rule);
    if (ref.kind !== 'uid' && ref.kind !== 'id') continue;
    const uid = ref.kind === 'uid' ? ref.uid : known.uidOfId(ref.id);
    if (uid === undefined) unknownIds = true;
    else setOnce(uids, known.pods.byUid(uid)?.uid ?? uid, ref.rule);
  }
  return { uids, names, unknownIds };
}

/** Resolves a trace by all its hints: which one pod they agree on, or that they do not. */
export function resolve(trace: Trace, known: Known): Resolution {
  const refs = trace.refs.toSorted(byTrust);
  const { uids, names, unknownIds } = gather(refs, known);
  if (uids.size > 1 || names.size > 1) return { kind: 'two_pods' };
  const [byUid] = uids;
  const [name] = names.keys();
  if (byUid !== undefined) {
    const [uid, rule] = byUid;
    const pod = known.pods.byUid(uid);
    if (pod === undefined) return { kind: 'waiting', uids: [uid] };
    if (name !== undefined && name !== `${pod.namespace}/${pod.name}`) return { kind: 'two_pods' };
    // An id that nobody told us of may be another pod's, unless the trace is known to be about one.
    if (unknownIds && !trace.sure && trace.entry?.about !== 'one')
      return { kind: 'waiting', uids: [] };
    return { kind: 'pod', pod, rule };
  }
  return resolveByLink(refs, name, known) ?? resolveByName(trace, refs, known) ?? nothingYet;
}

/** Whether a hint speaks of another pod than the one that its trace was joined to. A link does not. */
export function contradicts(ref: Ref, pod: Pod, { pods, uidOfId }: Known): boolean {
  switch (ref.kind) {
    case 'trace':
      return false;
    case 'name':
      return ref.pod.name !== pod.name || ref.pod.namespace !== pod.namespace;
    case 'uid':
      return (pods.byUid(ref.uid)?.uid ?? ref.uid) !== pod.uid;
    case 'id': {
      const uid = uidOfId(ref.id);
      return uid !== undefined && (pods.byUid(uid)?.uid ?? uid) !== pod.uid;
    }
  }
}

const nothingYet: Resolution = { kind: 'waiting', uids: [] };

function resolveByName(
  trace: Trace,
  refs: readonly TimedRef[],
  { pods }: Known,
): Resolution | undefined {
  const hints = refs.filter((timed) => timed.ref.kind === 'name');
  const [first] = hints;
  if (first === undefined || first.ref.kind !== 'name') return undefined;
  const during = trace.entry?.during ?? spanning(hints);
  const found = pods.incarnation(first.ref.pod, during, askedBy(trace.entry));
  return found.kind === 'one' ? { kind: 'pod', pod: found.pod, rule: first.ref.rule } : undefined;
}

function askedBy(entry: Trace['entry']): Asked {
  if (entry?.creates === true) return 'creates';
  return entry?.missed === true ? 'misses' : 'finds';
}

function spanning(refs: readonly TimedRef[]): Interval {
  return {
    startMs: Math.min(...refs.map(({ during }) => during.startMs)),
    endMs: Math.max(...refs.map(({ during }) => during.endMs)),
  };
}

/** A link says who asked, not what about: it decides only where no hint at another pod speaks against it. */
function resolveByLink(
  refs: readonly TimedRef[],
  name: string | undefined,
  known: Known,
): Resolution | undefined {
  for (const { ref } of refs) {
    const pod = linkedPod(ref, known);
    if (pod === undefined) continue;
    if (name === undefined || name === `${pod.namespace}/${pod.name}`)
      return { kind: 'pod', pod, rule: ref.rule };
  }
  return undefined;
}

function linkedPod(ref: Ref, known: Known): Pod | undefined {
  if (ref.kind !== 'trace') return undefined;
  const joined = known.podOfTrace(ref.traceId);
  if (joined !== undefined) return joined;
  const pod = known.pods.byTrace(ref.traceId);
  // Whoever knows a pod's uid knows the trace that is made of it, and could link to it.
  return pod?.decision.kind === 'observed' ? undefined : pod;
}
