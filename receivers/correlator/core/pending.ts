import { slotOf } from '../wire/attributes.ts';
import type { EncodedSpan } from '../wire/copy.ts';
import type { Origin } from '../wire/request.ts';
import type { SpanFields } from '../wire/span.ts';
import type { Phase } from './phase.ts';
import type { Trace } from './trace.ts';

/** One span that was read but not yet decided upon: where it stands in the request it came in. */
export interface PendingSpan {
  trace: Trace | undefined;
  phase: Phase | undefined;
  bytes: Buffer;
  start: number;
  end: number;
  traceIdAt: number;
  spanIdAt: number;
  parentIdAt: number;
  namesPod: boolean;
  startMs: number;
  origin: () => Origin;
}

/**
 * The spans of the request under way. Most belong to traces whose last span, in the same request, tells that they
 * are of no use: so nothing is copied until the request is read to its end.
 */
export interface PendingSpans {
  readonly add: (
    trace: Trace,
    span: SpanFields,
    phase: Phase | undefined,
    origin: () => Origin,
  ) => void;
  /** Hands out every span, once; what is handed out is not to be kept. */
  readonly drain: (each: (trace: Trace, pending: PendingSpan) => void) => void;
}

const podUidSlot = slotOf('k8s.pod.uid');
const nothing = Buffer.alloc(0);
const noOrigin = (): Origin => ({ resource: '', scope: '', users: 0 });

/** Rows kept for the next request: as many as a large one has spans. */
const mostRows = 2048;

export function createPendingSpans(): PendingSpans {
  // Rows are used again: one made for each span would be most of what the program allocates.
  const rows: PendingSpan[] = [];
  let used = 0;

  return {
    add: (trace, span, phase, origin) => {
      const row = (rows[used++] ??= emptyRow());
      row.trace = trace;
      row.phase = phase;
      row.bytes = span.bytes;
      row.start = span.start;
      row.end = span.end;
      row.traceIdAt = span.traceIdAt;
      row.spanIdAt = span.spanIdAt;
      row.parentIdAt = span.parentIdAt;
      row.namesPod = span.values[podUidSlot] !== '';
      row.startMs = span.startMs;
      row.origin = origin;
    },
    drain: (each) => {
      const count = used;
      used = 0;
      for (let index = 0; index < count; index++) {
        const row = rows[index];
        if (row?.trace === undefined) continue;
        each(row.trace, row);
        row.trace = undefined;
        row.bytes = nothing;
        row.origin = noOrigin;
      }
      rows.length = Math.min(rows.length, mostRows);
    },
  };
}

function emptyRow(): PendingSpan {
  return {
    trace: undefined,
    phase: undefined,
    bytes: nothing,
    start: 0,
    end: 0,
    traceIdAt: 0,
    spanIdAt: 0,
    parentIdAt: 0,
    namesPod: false,
    startMs: 0,
    origin: noOrigin,
  };
}

/** The span where it stands: good for as long as its request is. */
export function pendingSpan(row: PendingSpan): EncodedSpan {
  const { bytes, start, end, parentIdAt } = row;
  return {
    origin: row.origin(),
    content: bytes,
    at: start,
    length: end - start,
    traceIdAt: row.traceIdAt - start,
    spanIdAt: row.spanIdAt - start,
    parentIdAt: parentIdAt < 0 ? -1 : parentIdAt - start,
    namesPod: row.namesPod,
  };
}

/** The span copied out of its request, as it must be to outlive it. */
export function keptSpan(row: PendingSpan): EncodedSpan {
  return { ...pendingSpan(row), content: row.bytes.toString('latin1', row.start, row.end), at: 0 };
}
