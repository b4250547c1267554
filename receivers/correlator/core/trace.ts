import type { EncodedSpan } from '../wire/copy.ts';
import type { DropReason } from './counts.ts';
import type { Entry, Evidence, Ref } from './evidence.ts';
import type { Phase } from './phase.ts';
import type { Interval, Pod } from './pods.ts';

/** A span that waits until its trace's pod is known. */
export interface WaitingSpan {
  readonly span: EncodedSpan;
  /** Where it goes when nothing of its own trace stands above it; undefined: below its own parent's copy. */
  readonly phase: Phase | undefined;
  readonly startMs: number;
}

/** What becomes of a trace's spans: they wait, go to a pod's trace, or are dropped. */
export type Verdict =
  | { readonly kind: 'open' }
  | { readonly kind: 'joined'; readonly pod: Pod }
  | { readonly kind: 'closed'; readonly reason: DropReason };

/** A hint and when the request or call that gave it ran. */
export interface TimedRef {
  readonly ref: Ref;
  readonly during: Interval;
}

/** All that is known of one original trace. */
export interface Trace {
  /** 16 characters of latin1. */
  readonly id: string;
  verdict: Verdict;
  waiting: WaitingSpan[];
  waitingBytes: number;
  refs: TimedRef[];
  sure: boolean;
  /** Spans that came while it was open. */
  spans: number;
  entry: (Entry & { readonly during: Interval }) | undefined;
  /** When the earliest of its spans began. */
  firstStartMs: number;
  /** Arrival of its first span. */
  readonly firstMs: number;
  /** Arrival of its last span. */
  lastMs: number;
}

export function createTrace(id: string, nowMs: number): Trace {
  return {
    id,
    verdict: { kind: 'open' },
    waiting: [],
    waitingBytes: 0,
    refs: [],
    sure: false,
    spans: 0,
    entry: undefined,
    firstStartMs: Infinity,
    firstMs: nowMs,
    lastMs: nowMs,
  };
}

const mostRefs = 16;

function sameRef(a: Ref, b: Ref): boolean {
  return refKey(a) === refKey(b) && a.rule === b.rule;
}

/** What a hint waits for, as a key: two hints at one thing have the same. */
export function refKey(ref: Ref): string {
  switch (ref.kind) {
    case 'uid':
      return `u:${ref.uid}`;
    case 'id':
      return `c:${ref.id}`;
    case 'trace':
      return `t:${ref.traceId}`;
    case 'name':
      return `n:${ref.pod.namespace}/${ref.pod.name}`;
  }
}

/**
 * Adds what one span tells; true when it was new. Of several entries the one that speaks of more pods
 * counts, so that the order of arrival does not matter.
 */
export function addEvidence(
  trace: Trace,
  evidence: Evidence,
  { startMs, endMs }: Interval,
): boolean {
  if (evidence.refs.length === 0 && evidence.entry === undefined) return false;
  const during = { startMs, endMs };
  let changed = false;
  for (const ref of evidence.refs) {
    const index = trace.refs.findIndex((known) => sameRef(known.ref, ref));
    const known = trace.refs[index];
    if (known === undefined) {
      if (trace.refs.length >= mostRefs) continue;
      trace.refs.push({ ref, during });
    } else if (known.during.startMs > during.startMs) trace.refs[index] = { ref, during };
    else continue;
    changed = true;
  }
  if (evidence.sure && !trace.sure) changed = trace.sure = true;
  const { entry } = evidence;
  if (entry !== undefined && rank(entry) > rank(trace.entry)) {
    trace.entry = { ...entry, during };
    changed = true;
  }
  return changed;
}

const ranks: Readonly<Record<Entry['about'], number>> = {
  lone: 1,
  linked: 2,
  one: 3,
  none: 4,
  many: 5,
};

function rank(entry: Entry | undefined): number {
  return entry === undefined ? 0 : ranks[entry.about];
}
