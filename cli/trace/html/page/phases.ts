import type { SpanRow, TraceModel } from './trace-model.ts';

/** A phase of a pod's life, as the prober or the correlator tells it. */
export interface Phase {
  readonly row: SpanRow;
  readonly name: string;
  /** 0: a part of the whole; 1: a part of the phase before it. */
  readonly level: number;
}

const rootName = /^(prober|pod)\./;
const levels = 2;
/** More would be no overview. */
const most = 40;

/**
 * The phases of the pod that the trace is about, in the order of the tree: spans of the root's own service below a root
 * whose name says that it is such a life. Empty for any other trace.
 */
export function phasesOf({ rows }: Pick<TraceModel, 'rows'>): Phase[] {
  const root = podRoot(rows);
  if (root === undefined) return [];
  const phases = new Map<number, Phase>();
  for (const row of rows.slice(root.index + 1, root.end)) {
    const level = row.parent === root.index ? 0 : (phases.get(row.parent)?.level ?? levels) + 1;
    if (row.span.service !== root.span.service || level >= levels) continue;
    phases.set(row.index, { row, level, name: row.span.name.replace(rootName, '') });
  }
  return [...phases.values()].slice(0, most);
}

/** The span that stands for the life of a pod. */
export function podRoot(rows: readonly SpanRow[]): SpanRow | undefined {
  return rows.find(({ depth, orphan, span }) => depth === 0 && !orphan && rootName.test(span.name));
}
