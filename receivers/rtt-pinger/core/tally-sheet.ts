import type { MeshPlace } from '../../shared/mesh/tally-report.ts';

/**
 * What was measured in one stretch of the wall clock, which is over. It does not change any more, until it is too old to be told: then
 * its memory is that of another stretch, by another number.
 */
export interface Stretch {
  readonly number: number;
  readonly rows: number;
  /** Destination of each row; it may have more to it than a place. */
  readonly places: readonly MeshPlace[];
  /** Of each row: sent, lost, timed. */
  readonly counts: Uint16Array;
  /** Of each row, in seconds: sum, least, most and last of what was timed. */
  readonly times: Float32Array;
}

export const countsInRow = 3;
export const timesInRow = 4;

/** A stretch as it is written. */
export interface Sheet extends Stretch {
  number: number;
  rows: number;
  places: MeshPlace[];
  counts: Uint16Array;
  times: Float32Array;
}

const rowsAtFirst = 64;
const mostCounted = 0xffff;

export function createSheet(number: number): Sheet {
  return {
    number,
    rows: 0,
    places: [],
    counts: new Uint16Array(rowsAtFirst * countsInRow),
    times: new Float32Array(rowsAtFirst * timesInRow),
  };
}

/** An old one as a new one of another number, in the same memory. */
export function begun(sheet: Sheet, number: number): Sheet {
  sheet.number = number;
  sheet.rows = 0;
  return sheet;
}

/** One more row, of nothing yet. */
export function openRowOf(sheet: Sheet, place: MeshPlace): number {
  const row = sheet.rows++;
  if (sheet.rows * countsInRow > sheet.counts.length) grow(sheet);
  sheet.places[row] = place;
  sheet.counts.fill(0, row * countsInRow, (row + 1) * countsInRow);
  sheet.times.set([0, Number.POSITIVE_INFINITY, 0, 0], row * timesInRow);
  return row;
}

function grow(sheet: Sheet): void {
  const { counts, times } = sheet;
  sheet.counts = new Uint16Array(counts.length * 2);
  sheet.counts.set(counts);
  sheet.times = new Float32Array(times.length * 2);
  sheet.times.set(times);
}

/** One more in a column of a row; a stretch has some hundred of a destination. */
export function addCount({ counts }: Sheet, row: number, column: number): void {
  const at = row * countsInRow + column;
  counts[at] = Math.min((counts[at] ?? 0) + 1, mostCounted);
}

export function addTime({ times }: Sheet, row: number, seconds: number): void {
  const at = row * timesInRow;
  times[at] = (times[at] ?? 0) + seconds;
  times[at + 1] = Math.min(times[at + 1] ?? 0, seconds);
  times[at + 2] = Math.max(times[at + 2] ?? 0, seconds);
  times[at + 3] = seconds;
}
