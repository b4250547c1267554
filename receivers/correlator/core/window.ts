import type { Pod } from './pods.ts';
import type { Trace } from './trace.ts';

export interface WindowOptions {
  /** Stitching into a trace that is not the prober's ends this long after Ready, until the pod's end. */
  readonly afterReadyMs: number;
  /** A pod that is not ready this long after its creation has had its start. */
  readonly giveUpMs: number;
  /** Requests count to the pod's end that began this long before it was seen. */
  readonly clockToleranceMs: number;
}

/** Which part of a pod's life a span is of. Traces that are not the prober's tell of its start and its end alone. */
export type PartOfLife = 'start' | 'end' | 'between';

/** The part of life of a span that began at `startMs`, in a trace that is about the pod. */
export function partOfLife(
  pod: Pod,
  trace: Trace,
  startMs: number,
  options: WindowOptions,
): PartOfLife {
  // A trace has its end with it: what asks for a deletion begins before that is known.
  if (pod.endingMs !== undefined && askedMs(trace) >= pod.endingMs - options.clockToleranceMs)
    return 'end';
  if (pod.decision.kind === 'probed') return 'start';
  const startedMs = pod.readyMs ?? pod.createdBeforeMs + options.giveUpMs;
  return startMs <= startedMs + options.afterReadyMs ? 'start' : 'between';
}

function askedMs({ entry, firstStartMs }: Trace): number {
  if (entry === undefined) return firstStartMs;
  return entry.phase === 'cleanup' ? entry.during.endMs : entry.during.startMs;
}
