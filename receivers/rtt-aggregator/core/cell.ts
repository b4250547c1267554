import { stretchesKept } from '../../shared/mesh/tally-limits.ts';
import type { TallyRow } from '../../shared/mesh/tally-report.ts';

/** Columns of one stretch; NaN stands for a duration that is not there. */
const columns = { number: 0, sent: 1, lost: 2, timed: 3, sum: 4, min: 5, max: 6, last: 7 } as const;
const width = 8;

/** A mean is told to a tenth of a nanosecond; what is beyond is how doubles are. */
const finest = 1e10;

/** What one pair did in each of the last stretches: a ring of them in one array. */
export type Cell = Float64Array;

/** What one pair did in several stretches together. Durations in seconds; undefined: no probe succeeded with a sound time. */
export interface CellSum {
  readonly sent: number;
  readonly lost: number;
  readonly meanS: number | undefined;
  readonly minS: number | undefined;
  readonly maxS: number | undefined;
  /** Of the newest stretch that has one. */
  readonly lastS: number | undefined;
}

export function createCell(): Cell {
  return new Float64Array(stretchesKept * width).fill(-1);
}

/** Adds a row to a stretch; one whose place a newer stretch has taken is too old. */
export function addRow(cell: Cell, number: number, row: TallyRow): void {
  const at = (number % stretchesKept) * width;
  const known = cell[at] ?? -1;
  if (known > number) return;
  if (known < number) cell.set([number, 0, 0, 0, 0, Number.NaN, Number.NaN, Number.NaN], at);
  const [, sent, lost, timed, sumS, minS, maxS, lastS] = row;
  const add = (column: number, value: number): void => {
    cell[at + column] = (cell[at + column] ?? 0) + value;
  };
  add(columns.sent, sent);
  add(columns.lost, lost);
  add(columns.timed, timed);
  add(columns.sum, sumS);
  // A NaN is never less, nor greater, than anything.
  if (minS !== null && !((cell[at + columns.min] ?? Number.NaN) <= minS))
    cell[at + columns.min] = minS;
  if (maxS !== null && !((cell[at + columns.max] ?? Number.NaN) >= maxS))
    cell[at + columns.max] = maxS;
  if (lastS !== null) cell[at + columns.last] = lastS;
}

/** The stretches from a number on. */
export function sumSince(cell: Cell, since: number): CellSum {
  let [sent, lost, timed, sum, newest] = [0, 0, 0, 0, -1];
  let [min, max, last] = [Number.NaN, Number.NaN, Number.NaN];
  for (let at = 0; at < cell.length; at += width) {
    const number = cell[at] ?? -1;
    if (number < since) continue;
    sent += cell[at + columns.sent] ?? 0;
    lost += cell[at + columns.lost] ?? 0;
    timed += cell[at + columns.timed] ?? 0;
    sum += cell[at + columns.sum] ?? 0;
    const [ownMin = min, ownMax = max] = [cell[at + columns.min], cell[at + columns.max]];
    if (!(min <= ownMin) && !Number.isNaN(ownMin)) min = ownMin;
    if (!(max >= ownMax) && !Number.isNaN(ownMax)) max = ownMax;
    const ownLast = cell[at + columns.last] ?? Number.NaN;
    if (number > newest && !Number.isNaN(ownLast)) [newest, last] = [number, ownLast];
  }
  return {
    sent,
    lost,
    meanS: timed === 0 ? undefined : Math.round((sum / timed) * finest) / finest,
    minS: present(min),
    maxS: present(max),
    lastS: present(last),
  };
}

/** Probes sent and lost since a stretch, without a thought for durations: asked of every pair at every look. */
export function lossSince(
  cell: Cell,
  since: number,
): { readonly sent: number; readonly lost: number } {
  let [sent, lost] = [0, 0];
  for (let at = 0; at < cell.length; at += width) {
    if ((cell[at] ?? -1) < since) continue;
    sent += cell[at + columns.sent] ?? 0;
    lost += cell[at + columns.lost] ?? 0;
  }
  return { sent, lost };
}

/** Whether any stretch from a number on is in it. */
export function isCurrent(cell: Cell, since: number): boolean {
  for (let at = 0; at < cell.length; at += width) if ((cell[at] ?? -1) >= since) return true;
  return false;
}

function present(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
