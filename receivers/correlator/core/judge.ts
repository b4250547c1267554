import type { DropReason } from './counts.ts';
import type { Rule } from './evidence.ts';
import type { Pod } from './pods.ts';
import { resolve, type Known } from './resolve.ts';
import type { Trace } from './trace.ts';
import { partOfLife, type WindowOptions } from './window.ts';

export interface JudgeOptions extends WindowOptions {
  /** A trace that may touch several pods is taken to be whole this long after its last span. */
  readonly settleMs: number;
}

/** A pod of ours is asked for by few; who links to its trace more often than this floods it. */
const mostLinkedTraces = 500;

/** What is to be done with an open trace. */
export type Judgement =
  | { readonly kind: 'close'; readonly reason: DropReason }
  | { readonly kind: 'join'; readonly pod: Pod; readonly rule: Rule }
  /** Its one pod is known, but another may come. */
  | { readonly kind: 'unsettled'; readonly pod: Pod }
  /** Uids to wait for, beside what its hints name. */
  | { readonly kind: 'wait'; readonly uids: readonly string[] };

export function judge(
  trace: Trace,
  known: Known,
  { nowMs, options }: { readonly nowMs: number; readonly options: JudgeOptions },
): Judgement {
  if (known.pods.isTarget(trace.id)) return { kind: 'close', reason: 'native' };
  if (trace.entry?.about === 'none' && !trace.sure) return { kind: 'close', reason: 'no_pod' };
  if (isAlone(trace)) return { kind: 'close', reason: 'no_pod' };
  const resolution = resolve(trace, known);
  if (resolution.kind === 'two_pods') return { kind: 'close', reason: 'two_pods' };
  if (resolution.kind === 'waiting') {
    if (!mayBeChosen(trace, known)) return { kind: 'close', reason: 'pod_not_chosen' };
    if (linksToNoPod(trace, known)) return { kind: 'close', reason: 'no_pod' };
    return { kind: 'wait', uids: resolution.uids };
  }
  const { pod, rule } = resolution;
  if (pod.decision.kind === 'unwanted') return { kind: 'close', reason: pod.decision.reason };
  if (awaitsEnd(pod, trace, rule)) return { kind: 'wait', uids: [pod.uid] };
  if (partOfLife(pod, trace, startOf(trace), options) === 'between')
    return { kind: 'close', reason: 'outside_window' };
  if (rule === 'link' && pod.linkedTraces >= mostLinkedTraces)
    return { kind: 'close', reason: 'too_many_links' };
  if (isSettled(trace)) return { kind: 'join', pod, rule };
  const whole = trace.entry?.about === 'many' && nowMs - trace.lastMs >= options.settleMs;
  return whole ? { kind: 'join', pod, rule } : { kind: 'unsettled', pod };
}

const byName: ReadonlySet<Rule> = new Set(['path', 'handler', 'etcd_key']);

/** A request for the end of a pod may be told before that end is. */
function awaitsEnd(pod: Pod, { entry }: Trace, rule: Rule): boolean {
  return (
    pod.endingMs === undefined &&
    pod.decision.kind !== 'probed' &&
    entry?.phase === 'cleanup' &&
    byName.has(rule)
  );
}

/** Programs export spans in the order in which they ended, so what came with it would have come before it. */
function isAlone({ entry, spans }: Trace): boolean {
  return entry?.about === 'lone' && spans === 1;
}

function mayBeChosen({ entry, refs }: Trace, { pods }: Known): boolean {
  if (
    entry?.namespace !== undefined &&
    entry.about !== 'linked' &&
    !pods.mayBeChosen(entry.namespace)
  )
    return false;
  return refs.every(({ ref }) => ref.kind !== 'name' || pods.mayBeChosen(ref.pod.namespace));
}

/** It was asked for in traces that are known to be about no pod of ours. */
function linksToNoPod({ entry, refs }: Trace, known: Known): boolean {
  return (
    entry?.about === 'linked' &&
    refs.length > 0 &&
    refs.every(({ ref }) => ref.kind === 'trace' && known.isClosed(ref.traceId))
  );
}

/** Nothing that may still come can make it a trace of two pods. */
function isSettled({ sure, entry }: Trace): boolean {
  return sure || entry?.about === 'one' || entry?.about === 'linked';
}

function startOf({ entry, firstStartMs }: Trace): number {
  return entry?.during.startMs ?? firstStartMs;
}
