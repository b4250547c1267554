import type { MatrixCell } from '../../receivers/shared/mesh/matrix-report.ts';
import type { Matrix } from './matrix.ts';

/**
 * What there is to say about a cell: `own`: a node and itself; `missing`: nothing measured; `lost`: every probe lost;
 * `lossy`: some lost; `sound`: none.
 */
export type CellState = 'own' | 'missing' | 'lost' | 'lossy' | 'sound';

export function cellState({ of, cellAt }: Matrix, from: number, to: number): CellState {
  const cell = cellAt(from, to);
  if (cell !== undefined && cell.sent > 0) {
    if (cell.lost >= cell.sent) return 'lost';
    if (cell.lost > 0) return 'lossy';
    if (cell.meanS !== null) return 'sound';
  }
  return of === 'node' && from === to ? 'own' : 'missing';
}

/** Share of the probes that were lost. */
export function lossOf({ sent, lost }: MatrixCell): number {
  return sent === 0 ? 0 : lost / sent;
}
