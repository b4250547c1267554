import type { DropReason } from './counts.ts';
import type { Rule } from './evidence.ts';
import type { Pod } from './pods.ts';
import { resolve, type Known } from './resolve.ts';
import type { Trace } from './trace.ts';

export interface JudgeOptions {
  /** A trace that may touch several pods is taken to be whole after this time without a span. */
  readonly settleMs: number;
  /** Stitching into a trace that is not the prober's ends this long after Ready, until the pod's end. */
  readonly afterReadyMs: number;
  /** Requests count to the pod's end that began this long before it was seen. */
  readonly clockToleranceMs: number;
}

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
  if (!inWindow(pod, startOf(trace), options)) return { kind: 'close', reason: 'outside_window' };
  const whole = isSettled(trace) || nowMs - trace.lastMs >= options.settleMs;
  return whole ? { kind: 'join', pod, rule } : { kind: 'unsettled', pod };
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

function startOf({ entry, refs }: Trace): number {
  return entry?.during.startMs ?? Math.min(...refs.map(({ during }) => during.startMs));
}

/** Traces that are not the prober's tell of a pod's start and of its end, not of all that it lives through. */
function inWindow(pod: Pod, startMs: number, options: JudgeOptions): boolean {
  if (pod.decision.kind === 'probed' || pod.readyMs === undefined) return true;
  if (startMs <= pod.readyMs + options.afterReadyMs) return true;
  return pod.endingMs !== undefined && startMs >= pod.endingMs - options.clockToleranceMs;
}
