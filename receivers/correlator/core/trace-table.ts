import type { Origin } from '../wire/request.ts';
import { createBoundedMap } from './bounded-map.ts';
import type { Counts, DropReason } from './counts.ts';
import type { Pod } from './pods.ts';
import { createTrace, type Trace, type WaitingSpan } from './trace.ts';

export interface TraceTableOptions {
  /** Most bytes of waiting spans, their bookkeeping included. */
  readonly maxHeldBytes: number;
  /** Most traces remembered whose pod is known, and as many that are known to be of no use. */
  readonly maxTraces: number;
}

/** Every original trace that is remembered, within bounds. What is dropped is counted. */
export interface TraceTable {
  /** A trace that is open or joined. */
  readonly get: (id: string) => Trace | undefined;
  /** Why the spans of a trace are dropped, where they are. */
  readonly closedFor: (id: string) => DropReason | undefined;
  readonly begin: (id: string, nowMs: number) => Trace;
  /** Lets a span wait. Where it does not fit, traces are closed: those without much hope first, the oldest first. */
  readonly hold: (trace: Trace, waiting: WaitingSpan) => void;
  /** Gives a trace to a pod and hands out what waited. */
  readonly join: (trace: Trace, pod: Pod) => readonly WaitingSpan[];
  /** Notes that a joined trace still gets spans. */
  readonly touch: (trace: Trace, nowMs: number) => void;
  readonly close: (trace: Trace, reason: DropReason) => void;
  /** Closes open traces that began before, and forgets joined ones whose last span came before. */
  readonly expire: (openBeforeMs: number, joinedBeforeMs: number) => void;
  readonly openTraces: () => Iterable<Trace>;
}

function sizeOf({ resource, scope }: Origin): number {
  return resource.length + scope.length;
}

/** What a waiting span and its bookkeeping take beside its own bytes, roughly. */
const overheadBytes = 300;

/** Reasons after which what still comes of the trace is not the whole of it. */
const spoils: ReadonlySet<DropReason> = new Set([
  'two_pods',
  'ambiguous',
  'unresolved',
  'buffer_full',
  'trace_too_large',
]);

/** What is kept of a bound that was passed. */
const leftWhenFull = 0.9;

/** Joined traces are put in the order of their last span no more often than this. */
const touchEveryMs = 1000;

export function createTraceTable(
  options: TraceTableOptions,
  counts: Counts,
  /** Called for each trace that stops being open. */
  decided: (trace: Trace) => void,
  /** Its pod is not known, and most like it turn out to have none. */
  isHopeless: (trace: Trace) => boolean,
): TraceTable {
  const traces = new Map<string, Trace>();
  const open = new Set<Trace>();
  const joined = new Set<Trace>();
  const closed = createBoundedMap<DropReason>(options.maxTraces);
  /** Beside those that the noise of a cluster is closed for: here a forgotten one could be joined by halves. */
  const spoiled = createBoundedMap<DropReason>(options.maxTraces);

  function release(trace: Trace): readonly WaitingSpan[] {
    const { waiting } = trace;
    counts.heldBytes -= trace.waitingBytes;
    for (const { span } of waiting)
      if (--span.origin.users === 0) counts.heldBytes -= sizeOf(span.origin);
    counts.waitingSpans -= waiting.length;
    trace.waiting = [];
    trace.waitingBytes = 0;
    if (open.delete(trace)) decided(trace);
    return waiting;
  }

  function forget(trace: Trace): void {
    joined.delete(trace);
    traces.delete(trace.id);
  }

  function close(trace: Trace, reason: DropReason): void {
    counts.dropped[reason] += release(trace).length;
    forget(trace);
    (spoils.has(reason) ? spoiled : closed).set(trace.id, reason);
    trace.verdict = { kind: 'closed', reason };
  }

  function hold(trace: Trace, waiting: WaitingSpan): void {
    const { length, origin } = waiting.span;
    const bytes = length + overheadBytes;
    if (origin.users++ === 0) counts.heldBytes += sizeOf(origin);
    trace.waiting.push(waiting);
    trace.waitingBytes += bytes;
    counts.heldBytes += bytes;
    counts.waitingSpans++;
    if (counts.heldBytes > options.maxHeldBytes) makeRoom();
  }

  /** Closes traces until a share is free: finding the oldest of a set is dear, so it is not done for each. */
  function makeRoom(): void {
    for (const all of [false, true])
      for (const oldest of open) {
        if (counts.heldBytes <= options.maxHeldBytes * leftWhenFull) return;
        if (all || isHopeless(oldest)) close(oldest, 'buffer_full');
      }
  }

  function join(trace: Trace, pod: Pod): readonly WaitingSpan[] {
    const waiting = release(trace);
    trace.verdict = { kind: 'joined', pod };
    joined.add(trace);
    if (joined.size <= options.maxTraces) return waiting;
    for (const oldest of joined) {
      if (joined.size <= options.maxTraces * leftWhenFull) break;
      forget(oldest);
    }
    return waiting;
  }

  function touch(trace: Trace, nowMs: number): void {
    if (nowMs - trace.lastMs < touchEveryMs) return;
    trace.lastMs = nowMs;
    joined.delete(trace);
    joined.add(trace);
  }

  function expire(openBeforeMs: number, joinedBeforeMs: number): void {
    for (const trace of open) {
      if (trace.firstMs > openBeforeMs) break;
      close(trace, 'unresolved');
    }
    for (const trace of joined) {
      if (trace.lastMs > joinedBeforeMs) break;
      forget(trace);
    }
  }

  return {
    get: (id) => traces.get(id),
    closedFor: (id) => spoiled.get(id) ?? closed.get(id),
    begin: (id, nowMs) => {
      const trace = createTrace(id, nowMs);
      traces.set(id, trace);
      open.add(trace);
      return trace;
    },
    hold,
    join,
    touch,
    close,
    expire,
    openTraces: () => open,
  };
}
