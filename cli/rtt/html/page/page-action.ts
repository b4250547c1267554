import { matrixOf, type MeshModel } from './mesh-model.ts';
import type { Measure } from './measure.ts';
import type { MapSize, PageState, Place, Point } from './page-state.ts';
import { cellOf, type ShownMap } from './shown-map.ts';
import { saidOf } from './wording.ts';

export type Move =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'row-begin'
  | 'row-end'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last';

/** What a person, or the browser, does to the page. */
export type PageAction =
  | { readonly kind: 'of'; readonly of: PageState['of'] }
  | { readonly kind: 'measure'; readonly measure: Measure }
  | { readonly kind: 'turn' | 'resize-cells' | 'tip-away' }
  | { readonly kind: 'filter'; readonly filter: string }
  | { readonly kind: 'move'; readonly to: Move }
  /** Shows a link, whatever is shown now: places among all members. */
  | {
      readonly kind: 'go';
      readonly of: PageState['of'];
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'select'; readonly place: Place }
  | { readonly kind: 'tip'; readonly place: Place; readonly at: Point }
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'help'; readonly open: boolean }
  | { readonly kind: 'printing'; readonly printing: boolean }
  | { readonly kind: 'size'; readonly size: Partial<MapSize> };

type ShownOf = (state: PageState) => ShownMap;

const pageRows = 10;

/** The state after an action. */
export function reduce(
  model: MeshModel,
  shownOf: ShownOf,
  state: PageState,
  action: PageAction,
): PageState {
  switch (action.kind) {
    case 'of':
      return { ...begun(state), of: matrixOf(model, action.of).of, filter: '' };
    case 'measure':
      return { ...state, measure: action.measure, tip: undefined };
    case 'turn':
      return { ...begun(state), rowsAre: state.rowsAre === 'from' ? 'to' : 'from' };
    case 'resize-cells':
      return { ...state, small: !state.small, tip: undefined, reveals: state.reveals + 1 };
    case 'filter':
      return filtered(shownOf, state, action.filter);
    case 'move':
      return selected(shownOf, state, placeAfter(shownOf(state), state.selected, action.to));
    case 'go':
      return gone(shownOf, state, action);
    case 'select':
      return selected(shownOf, state, action.place);
    case 'tip':
      return { ...state, tip: { ...action.place, ...action.at } };
    case 'tip-away':
      return state.tip === undefined ? state : { ...state, tip: undefined };
    case 'theme':
      return { ...state, theme: action.theme };
    case 'help':
      return { ...state, help: action.open };
    case 'printing':
      return { ...state, printing: action.printing };
    case 'size':
      return { ...state, size: { ...state.size, ...action.size } };
  }
}

function begun(state: PageState): PageState {
  return {
    ...state,
    selected: { row: 0, column: 0 },
    tip: undefined,
    reveals: state.reveals + 1,
  };
}

function filtered(shownOf: ShownOf, state: PageState, filter: string): PageState {
  const next = { ...begun(state), filter };
  const { matrix, rows } = shownOf(next);
  const notice =
    filter.trim() === '' ? 'All rows shown' : `${rows.length} of ${matrix.members.length} rows`;
  return { ...next, notice };
}

/** Selects a cell, brings it into view and says what it is. */
function selected(shownOf: ShownOf, state: PageState, place: Place): PageState {
  const shown = shownOf(state);
  const cell = cellOf(shown, state, place);
  if (cell === undefined) return state;
  return { ...state, selected: place, reveals: state.reveals + 1, notice: saidOf(cell) };
}

function gone(
  shownOf: ShownOf,
  state: PageState,
  { of, from, to }: Extract<PageAction, { kind: 'go' }>,
): PageState {
  const next = { ...state, of, filter: '', tip: undefined };
  const [row, column] = state.rowsAre === 'from' ? [from, to] : [to, from];
  return selected(shownOf, next, { row, column });
}

function placeAfter({ matrix, rows }: ShownMap, { row, column }: Place, to: Move): Place {
  const [lastRow, lastColumn] = [rows.length - 1, matrix.members.length - 1];
  switch (to) {
    case 'up':
      return { row: Math.max(0, row - 1), column };
    case 'down':
      return { row: Math.min(lastRow, row + 1), column };
    case 'left':
      return { row, column: Math.max(0, column - 1) };
    case 'right':
      return { row, column: Math.min(lastColumn, column + 1) };
    case 'row-begin':
      return { row, column: 0 };
    case 'row-end':
      return { row, column: lastColumn };
    case 'page-up':
      return { row: Math.max(0, row - pageRows), column };
    case 'page-down':
      return { row: Math.min(lastRow, row + pageRows), column };
    case 'first':
      return { row: 0, column: 0 };
    case 'last':
      return { row: lastRow, column: lastColumn };
  }
}
