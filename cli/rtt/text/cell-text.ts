import type { Glyphs } from '../../terminal/glyphs.ts';
import type { Style } from '../../terminal/paint.ts';
import { cellState, type CellState } from '../cell-state.ts';
import { linksOf, type Matrix } from '../matrix.ts';
import { inUnit, unitFor, type ValueUnit } from '../value-unit.ts';

export interface CellText {
  readonly state: CellState;
  readonly text: string;
  /** Undefined: as other text. */
  readonly style: Style | undefined;
}

/** A mean is slow that is so many times the median of them all. */
const slowTimes = 2;

/** The cells of a matrix as texts, and the unit of their means. */
export function cellTexts(
  matrix: Matrix,
  glyphs: Glyphs,
): { readonly unit: ValueUnit; readonly rows: readonly (readonly CellText[])[] } {
  const means = linksOf(matrix)
    .flatMap(({ cell }) => cell.meanS ?? [])
    .toSorted((a, b) => a - b);
  const unit = unitFor(means.at(-1) ?? 0, glyphs.micro);
  const slowS = (means[Math.floor(means.length / 2)] ?? 0) * slowTimes;
  const rows = matrix.members.map((_, from) =>
    matrix.members.map((__, to): CellText => {
      const state = cellState(matrix, from, to);
      const meanS = matrix.cellAt(from, to)?.meanS ?? null;
      const value = meanS === null ? glyphs.missing : inUnit(meanS, unit);
      switch (state) {
        case 'own':
          return { state, text: glyphs.itself, style: 'dim' };
        case 'missing':
          return { state, text: glyphs.missing, style: 'dim' };
        case 'lost':
          return { state, text: `${glyphs.failed}all`, style: 'red' };
        case 'lossy':
          return { state, text: glyphs.failed + value, style: 'red' };
        case 'sound':
          return { state, text: value, style: (meanS ?? 0) > slowS ? 'yellow' : undefined };
      }
    }),
  );
  return { unit, rows };
}
