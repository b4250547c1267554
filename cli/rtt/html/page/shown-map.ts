import type { MatrixCell } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { cellState, type CellState } from '../../cell-state.ts';
import type { Matrix, Member } from '../../matrix.ts';
import { measured } from './measure.ts';
import { matrixOf, type MeshModel } from './mesh-model.ts';
import type { PageState, Place } from './page-state.ts';
import { scaleOf, type Scale } from './scale.ts';

/** The map as a state shows it: which members its rows are, and what its cells say. */
export interface ShownMap {
  readonly matrix: Matrix;
  readonly scale: Scale;
  /** Members of the rows, by their place in the matrix; the columns are all members. */
  readonly rows: readonly number[];
}

/** One cell, seen from who probes to who is probed. */
export interface ShownCell {
  readonly from: Member;
  readonly to: Member;
  readonly state: CellState;
  readonly cell: MatrixCell | undefined;
  /** The other direction. */
  readonly back: MatrixCell | undefined;
  /** Seconds, or a share, of what is shown; null: none. */
  readonly value: number | null;
}

type Decisive = Pick<PageState, 'of' | 'measure' | 'filter'>;

/** Computes the map of a state; remembers that of the last one asked for. */
export function rememberShown(model: MeshModel): (state: PageState) => ShownMap {
  let last: (Decisive & { readonly shown: ShownMap }) | undefined;
  return (state) => {
    const { of, measure, filter } = state;
    if (last?.of !== of || last.measure !== measure || last.filter !== filter) {
      const matrix = matrixOf(model, of);
      const same = last?.of === of && last.measure === measure;
      const scale = same && last !== undefined ? last.shown.scale : scaleOf(matrix, measure);
      last = { of, measure, filter, shown: { matrix, scale, rows: fittingRows(matrix, filter) } };
    }
    return last.shown;
  };
}

function fittingRows({ members }: Matrix, filter: string): number[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return members.flatMap(({ name, zone }, index) => {
    const text = `${name}\n${zone}`.toLowerCase();
    return words.every((word) => text.includes(word)) ? [index] : [];
  });
}

/** What is at a place; undefined outside of the map. */
export function cellOf(
  { matrix, rows }: ShownMap,
  { rowsAre, measure }: Pick<PageState, 'rowsAre' | 'measure'>,
  { row, column }: Place,
): ShownCell | undefined {
  const member = rows[row];
  if (member === undefined) return undefined;
  const [fromAt, toAt] = rowsAre === 'from' ? [member, column] : [column, member];
  const [from, to] = [matrix.members[fromAt], matrix.members[toAt]];
  if (from === undefined || to === undefined) return undefined;
  const cell = matrix.cellAt(fromAt, toAt);
  return {
    from,
    to,
    cell,
    state: cellState(matrix, fromAt, toAt),
    back: fromAt === toAt ? undefined : matrix.cellAt(toAt, fromAt),
    value: measured(cell, measure),
  };
}
