import { collapsedOf, type PageState, type ShownOf } from './page-state.ts';
import { isFiltering, noFilter, type ShownRow } from './span-filter.ts';
import { hasChildren, type TraceModel } from './trace-model.ts';

/** Where the keyboard's attention goes: `in` opens or descends, `out` closes or ascends. */
export type Move = 'next' | 'previous' | 'first' | 'last' | 'page-down' | 'page-up' | 'in' | 'out';

/** Height of a row; the style sheet says the same. */
export const rowPx = 26;

/** Rows of a page that the one before it has too. */
const keptRows = 4;

/** Selects the row that a move leads to, or opens or closes the one that is selected. */
export function move(model: TraceModel, shownOf: ShownOf, state: PageState, to: Move): PageState {
  const { rows } = shownOf(state);
  const at = rows.findIndex(({ row }) => row.index >= state.selected);
  const here = rows[at];
  if (here === undefined) return state;
  if ((to === 'in' && here.expanded === false) || (to === 'out' && here.expanded === true)) {
    return toggleRow(model, state, here.row.index);
  }
  const target = rows[Math.min(rows.length - 1, Math.max(0, placeAfter(rows, at, to, state)))];
  return select(model, shownOf, state, target?.row.index ?? state.selected);
}

function placeAfter(rows: readonly ShownRow[], at: number, to: Move, { size }: PageState): number {
  const page = Math.max(1, Math.floor(size.viewPx / rowPx) - keptRows);
  switch (to) {
    case 'next':
      return at + 1;
    case 'previous':
      return at - 1;
    case 'first':
      return 0;
    case 'last':
      return rows.length - 1;
    case 'page-down':
      return at + page;
    case 'page-up':
      return at - page;
    case 'in':
      return rows[at]?.expanded === undefined ? at : at + 1;
    case 'out':
      return parentPlace(rows, at);
  }
}

function parentPlace(rows: readonly ShownRow[], at: number): number {
  const parent = rows.findIndex(({ row }) => row.index === rows[at]?.row.parent);
  return parent < 0 ? at : parent;
}

/** Selects a row and brings it into view, out of what it is hidden in: collapsed rows, or the filter. */
export function select(
  { rows }: TraceModel,
  shownOf: ShownOf,
  state: PageState,
  index: number,
): PageState {
  const closed = collapsedOf(state);
  const opened = new Set(closed);
  for (let above = rows[index]?.parent ?? -1; above >= 0; above = rows[above]?.parent ?? -1) {
    opened.delete(above);
  }
  const open = opened.size === closed.size ? state : collapse(state, opened);
  const next = { ...open, selected: index, reveals: state.reveals + 1 };
  return shownOf(next).rows.some(({ row }) => row.index === index)
    ? next
    : { ...next, filter: noFilter, notice: 'Filter cleared' };
}

/** Shows or hides what is below a row; a selection there moves up to it. */
export function toggleRow({ rows }: TraceModel, state: PageState, index: number): PageState {
  const row = rows[index];
  if (row === undefined || !hasChildren(row)) return state;
  const closed = new Set(collapsedOf(state));
  if (closed.delete(index)) return collapse(state, closed);
  const within = state.selected > index && state.selected < row.end;
  return { ...collapse(state, closed.add(index)), selected: within ? index : state.selected };
}

export function expandAll(state: PageState): PageState {
  return { ...collapse(state, new Set()), reveals: state.reveals + 1 };
}

/** Leaves the uppermost rows and what is directly below them. */
export function collapseAll({ rows }: TraceModel, state: PageState): PageState {
  const closed = rows.filter((row) => row.depth > 0 && hasChildren(row)).map(({ index }) => index);
  const above = rows.findLast(({ index, depth }) => index <= state.selected && depth <= 1);
  return {
    ...collapse(state, new Set(closed)),
    selected: above?.index ?? state.selected,
    reveals: state.reveals + 1,
  };
}

function collapse(state: PageState, collapsed: ReadonlySet<number>): PageState {
  return isFiltering(state.filter)
    ? { ...state, collapsedInFilter: collapsed }
    : { ...state, collapsed };
}
