import type { TraceSpan } from './model.ts';

/** One line of a drawn trace. */
export interface TreeRow {
  readonly span: TraceSpan;
  /** For each level below the top, whether the branch on that level is the last one there. */
  readonly lastOnLevel: readonly boolean[];
  /** The span names a parent that is not in the trace, or is its own ancestor. */
  readonly orphan: boolean;
}

/**
 * The spans in the order in which a tree is drawn: every span once, children below their parent by start time,
 * orphans before the roots. The order depends on the spans only, never on the order they came in.
 */
export function treeRows(spans: readonly TraceSpan[]): TreeRow[] {
  const ordered = spans.toSorted(compareSpans);
  const ids = new Set(ordered.map((span) => span.spanId));
  const children = Map.groupBy(ordered, (span) => span.parentSpanId);
  const placed = new Set<TraceSpan>();

  const roots = (children.get(null) ?? []).flatMap((span) =>
    descend(span, children, placed, false),
  );
  const parentless = ordered.filter(
    (span) => span.parentSpanId !== null && !ids.has(span.parentSpanId),
  );
  const orphans = parentless.flatMap((span) => descend(span, children, placed, true));
  // What is left has no way up to a root: a ring of parents is cut at its earliest span.
  const rings = ordered.flatMap((span) =>
    placed.has(span) ? [] : descend(span, children, placed, true),
  );
  return [...orphans, ...rings, ...roots];
}

function descend(
  top: TraceSpan,
  children: ReadonlyMap<string | null, readonly TraceSpan[]>,
  placed: Set<TraceSpan>,
  orphan: boolean,
): TreeRow[] {
  const rows: TreeRow[] = [];
  const pending: TreeRow[] = [{ span: top, lastOnLevel: [], orphan }];
  placed.add(top);
  for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
    rows.push(row);
    const below = takeChildren(row.span, children, placed);
    for (const [index, span] of below.toReversed().entries()) {
      pending.push({ span, lastOnLevel: [...row.lastOnLevel, index === 0], orphan: false });
    }
  }
  return rows;
}

function takeChildren(
  parent: TraceSpan,
  children: ReadonlyMap<string | null, readonly TraceSpan[]>,
  placed: Set<TraceSpan>,
): TraceSpan[] {
  const below = (children.get(parent.spanId) ?? []).filter((span) => !placed.has(span));
  for (const span of below) {
    placed.add(span);
  }
  return below;
}

function compareSpans(a: TraceSpan, b: TraceSpan): number {
  return (
    compare(BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)) ||
    compare(BigInt(b.endTimeUnixNano), BigInt(a.endTimeUnixNano)) ||
    compare(a.name, b.name) ||
    compare(a.spanId, b.spanId)
  );
}

function compare<T extends bigint | string>(a: T, b: T): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
