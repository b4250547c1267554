import { isFailed } from '../../drawing.ts';
import type { Trace, TraceSpan } from '../../model.ts';
import { treeRows } from '../../tree.ts';
import { looksOf, type ServiceLook } from './services.ts';
import { treePlaces, type TreePlace } from './tree-places.ts';

/** One span of the page, at its place in the tree. Times are nanoseconds since the trace's begin. */
export interface SpanRow extends TreePlace {
  /** Place in the drawn order. */
  readonly index: number;
  readonly span: TraceSpan;
  readonly look: ServiceLook;
  readonly depth: number;
  readonly orphan: boolean;
  readonly failed: boolean;
  readonly fromNs: number;
  readonly toNs: number;
}

export interface TraceModel {
  readonly traceId: string;
  /** In the order in which a tree is drawn. */
  readonly rows: readonly SpanRow[];
  readonly looks: readonly ServiceLook[];
  /** Nanoseconds since the Unix epoch. */
  readonly beginNs: bigint;
  readonly lengthNs: number;
}

/** Puts a trace into the order and the numbers that the page is drawn from. */
export function traceModel(trace: Trace): TraceModel {
  const ordered = treeRows(trace.spans);
  const begins = ordered.map(({ span }) => BigInt(span.startTimeUnixNano));
  const beginNs = begins.reduce((a, b) => (b < a ? b : a), begins[0] ?? 0n);
  const places = treePlaces(ordered.map(({ lastOnLevel }) => lastOnLevel.length));
  const looks = looksOf(ordered.map(({ span }) => span));
  const rows = ordered.flatMap(({ span, lastOnLevel, orphan }, index): SpanRow[] => {
    const [place, look] = [places[index], looks.get(span.service)];
    if (place === undefined || look === undefined) return [];
    const fromNs = Number(BigInt(span.startTimeUnixNano) - beginNs);
    const toNs = Math.max(fromNs, Number(BigInt(span.endTimeUnixNano) - beginNs));
    const depth = lastOnLevel.length;
    return [{ ...place, index, span, look, depth, orphan, failed: isFailed(span), fromNs, toNs }];
  });
  return {
    traceId: trace.traceId,
    rows,
    looks: [...looks.values()],
    beginNs,
    lengthNs: rows.reduce((longest, { toNs }) => Math.max(longest, toNs), 0),
  };
}

/** Whether any row lies below this one. */
export function hasChildren({ index, end }: Pick<SpanRow, 'index' | 'end'>): boolean {
  return end > index + 1;
}
