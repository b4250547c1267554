import { visibleRange } from '../../../html/page/visible-range.ts';
import { printable } from '../../../terminal/text.ts';
import { zoneName } from '../../zone-name.ts';
import type { PageProps } from './page-props.ts';
import { cellOf } from './shown-map.ts';
import { zoneBands } from './zone-bands.ts';
import { cellText, memberName, saidOf } from './wording.ts';

/** Rows and columns drawn beyond the edges. */
const beyond = 3;

/** The cells in view, with their numbers. */
export function LargeCells(props: PageProps) {
  const { state, shown, geometry } = props;
  const { size, printing } = state;
  const columns = shown.matrix.members.length;
  const all = (count: number) => ({ from: 0, until: count });
  const rowsDrawn = printing
    ? all(shown.rows.length)
    : visibleRange(
        shown.rows.length,
        geometry.cellY,
        { scrolledPx: size.topPx, viewPx: size.heightPx },
        beyond,
      );
  const columnsDrawn = printing
    ? all(columns)
    : visibleRange(
        columns,
        geometry.cellX,
        { scrolledPx: size.leftPx, viewPx: size.widthPx },
        beyond,
      );
  return placesIn(rowsDrawn).map((row) => (
    <Row key={row} {...props} row={row} columns={placesIn(columnsDrawn)} />
  ));
}

function placesIn({ from, until }: { readonly from: number; readonly until: number }): number[] {
  return Array.from({ length: until - from }, (_, index) => from + index);
}

type RowProps = PageProps & { readonly row: number; readonly columns: readonly number[] };

function Row(props: RowProps) {
  const { state, shown, geometry, row, columns } = props;
  const { headX, headY, cellY } = geometry;
  const member = shown.matrix.members[shown.rows[row] ?? -1];
  const before = shown.matrix.members[shown.rows[row - 1] ?? -1];
  if (member === undefined) return null;
  const zoned = zoneBands(shown.matrix, shown.rows).length > 1;
  const begins = zoned && before?.zone !== member.zone;
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      class={`row ${begins && row > 0 ? 'begins' : ''}`}
      style={{ top: `${headY + row * cellY}px`, height: `${cellY}px` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        class={`row-name ${state.selected.row === row ? 'at' : ''}`}
        style={{ width: `${headX}px` }}
        title={memberName(member)}
      >
        <bdi>{memberName(member)}</bdi>
        {begins && <span class="zone-of">{printable(zoneName(member.zone))}</span>}
      </div>
      {columns.map((column) => (
        <Cell key={column} {...props} column={column} />
      ))}
    </div>
  );
}

function Cell({ state, shown, geometry, row, column }: RowProps & { readonly column: number }) {
  const cell = cellOf(shown, state, { row, column });
  if (cell === undefined) return null;
  const { selected } = state;
  const { members, of } = shown.matrix;
  const counts = cell.state === 'sound' || cell.state === 'lossy';
  const heat = counts && cell.value !== null ? `heat${shown.scale.heatOf(cell.value)}` : '';
  const begins = of === 'node' && column > 0 && members[column - 1]?.zone !== members[column]?.zone;
  const chosen = selected.row === row && selected.column === column;
  return (
    <div
      id={`cell-${row}-${column}`}
      role="gridcell"
      aria-colindex={column + 2}
      aria-selected={chosen}
      aria-label={saidOf(cell)}
      class={`cell ${cell.state} ${heat} ${begins ? 'begins' : ''}`}
      style={{
        left: `${geometry.headX + column * geometry.cellX}px`,
        width: `${geometry.cellX}px`,
      }}
    >
      {cellText(cell, shown.scale)}
    </div>
  );
}
