import type { DropReason } from './counts.ts';
import type { PodName } from './names.ts';
import type { Trace } from './trace.ts';

/** Why the pod of a trace is not known, where that is soon to change or never. */
type Doubt = 'lone' | 'linked' | 'unknown' | 'ambiguous' | 'many';

export interface PatienceOptions {
  /** Longest time that a request waits until it is known which pod it names. */
  readonly requestWaitMs: number;
  /** Longest time that a request waits which only a link can tie to a pod. */
  readonly linkWaitMs: number;
  /** A trace that may touch several pods is taken to be whole this long after its last span. */
  readonly settleMs: number;
}

/** Traces in doubt, and since when. */
export interface Patience {
  /** Notes in what doubt a trace is now. */
  readonly wait: (trace: Trace, nowMs: number) => void;
  readonly leave: (trace: Trace) => void;
  readonly isInDoubt: (trace: Trace) => boolean;
  /** Those whose time is over, and why they are to be closed. `watching`: every pod of ours would be known by now. */
  readonly over: (nowMs: number, watching: boolean) => readonly (readonly [Trace, DropReason])[];
}

/** What came with authentication is here; what has not said by now which pod it is about will not do so. */
const loneWaitMs = 2000;

/** A pod that is watched is known long before the spans about it come. */
const watchedWaitMs = 5000;

/** `isKnown`: a pod of that name is, or was, among those watched. */
export function createPatience(
  options: PatienceOptions,
  isKnown: (pod: PodName) => boolean,
): Patience {
  const since: Readonly<Record<Doubt, Map<Trace, number>>> = {
    lone: new Map(),
    linked: new Map(),
    unknown: new Map(),
    ambiguous: new Map(),
    many: new Map(),
  };
  const doubts = Object.entries(since) as [Doubt, Map<Trace, number>][];

  function waitMs(doubt: Doubt, watching: boolean): number {
    switch (doubt) {
      case 'lone':
        return loneWaitMs;
      case 'linked':
        return options.linkWaitMs;
      case 'ambiguous':
        return options.requestWaitMs;
      case 'unknown':
        return watching ? Math.min(watchedWaitMs, options.requestWaitMs) : options.requestWaitMs;
      case 'many':
        return 2 * options.settleMs;
    }
  }

  return {
    wait: (trace, nowMs) => {
      const doubt = doubtOf(trace, isKnown);
      for (const [each, traces] of doubts)
        if (each !== doubt) traces.delete(trace);
        else if (!traces.has(trace)) traces.set(trace, nowMs);
    },
    leave: (trace) => {
      for (const [, traces] of doubts) traces.delete(trace);
    },
    isInDoubt: (trace) => doubts.some(([, traces]) => traces.has(trace)),
    over: (nowMs, watching) => {
      const ended: [Trace, DropReason][] = [];
      for (const [doubt, traces] of doubts) {
        const before = nowMs - waitMs(doubt, watching);
        for (const [trace, sinceMs] of traces) {
          if (sinceMs > before) break;
          ended.push([trace, doubtReason(doubt, trace, watching)]);
        }
      }
      return ended;
    },
  };
}

/**
 * How long it makes sense to wait: a pod's name is known as soon as the pod is, and which of its incarnations is meant
 * when its creation is told; but what only the runtime knows a pod by may take a syncPod to learn. A collection of many is
 * whole when it has settled.
 */
function doubtOf({ entry, refs }: Trace, isKnown: (pod: PodName) => boolean): Doubt | undefined {
  if (entry === undefined) return undefined;
  if (entry.about === 'many') return 'many';
  if (refs.some(({ ref }) => ref.kind === 'uid' || ref.kind === 'id')) return undefined;
  if (entry.about === 'lone' && refs.length === 0) return 'lone';
  if (refs.some(({ ref }) => ref.kind === 'name' && isKnown(ref.pod))) return 'ambiguous';
  return entry.about === 'linked' ? 'linked' : 'unknown';
}

/** Why a trace is closed whose time in doubt is over. */
function doubtReason(doubt: Doubt, { refs }: Trace, watching: boolean): DropReason {
  if (refs.length === 0) return 'no_pod';
  switch (doubt) {
    case 'lone':
    case 'linked':
      return 'no_pod';
    case 'ambiguous':
      return 'ambiguous';
    case 'many':
      return 'unresolved';
    case 'unknown':
      return watching ? 'pod_not_chosen' : 'unresolved';
  }
}
