import type { MatrixCell } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { lossOf } from '../../cell-state.ts';

/** What a cell's colour and number tell. */
export type Measure = 'mean' | 'max' | 'last' | 'loss';

export const measures: readonly Measure[] = ['mean', 'max', 'last', 'loss'];

/** Seconds, or a share; null: not measured. */
export function measured(cell: MatrixCell | undefined, measure: Measure): number | null {
  if (cell === undefined || cell.sent === 0) return null;
  switch (measure) {
    case 'mean':
      return cell.meanS;
    case 'max':
      return cell.maxS;
    case 'last':
      return cell.lastS;
    case 'loss':
      return lossOf(cell);
  }
}
