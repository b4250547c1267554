import { lossOf } from './cell-state.ts';
import { linksOf, type Link, type Matrix } from './matrix.ts';

/** The links with the longest mean, the longest first. */
export function slowest(matrix: Matrix, most: number): Link[] {
  return linksOf(matrix)
    .filter(({ cell }) => cell.meanS !== null)
    .toSorted((a, b) => (b.cell.meanS ?? 0) - (a.cell.meanS ?? 0))
    .slice(0, most);
}

/** The links that lose most, those without loss left out. */
export function lossiest(matrix: Matrix, most: number): Link[] {
  return linksOf(matrix)
    .filter(({ cell }) => cell.lost > 0)
    .toSorted((a, b) => lossOf(b.cell) - lossOf(a.cell) || b.cell.lost - a.cell.lost)
    .slice(0, most);
}
