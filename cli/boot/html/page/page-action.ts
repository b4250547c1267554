import { pan, windowBetween, wholeTrace, zoom } from '../../../trace/html/page/time-window.ts';
import type { BootData } from './boot-data.ts';
import { shownRows, type PageState, type RowFilter } from './page-state.ts';

export type Move = 'next' | 'previous' | 'first' | 'last' | 'page-down' | 'page-up';

/** What a person, or the browser, does to the page. */
export type PageAction =
  | { readonly kind: 'move'; readonly to: Move }
  | { readonly kind: 'select'; readonly place: number }
  | { readonly kind: 'filter'; readonly filter: Partial<RowFilter> }
  | { readonly kind: 'comments' | 'whole' | 'zoom-to-row' | 'tip-away' }
  | { readonly kind: 'zoom'; readonly factor: number; readonly aroundNs?: number }
  | { readonly kind: 'pan'; readonly share: number }
  | { readonly kind: 'tip'; readonly tip: NonNullable<PageState['tip']> }
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'help'; readonly open: boolean }
  | { readonly kind: 'printing'; readonly printing: boolean }
  | { readonly kind: 'time-width'; readonly timePx: number };

const pageRows = 10;
/** A row that is zoomed to has so much of its length to either side. */
const aroundShare = 0.25;
/** What an instant is zoomed to. */
const aroundInstantNs = 1e9;

/** The state after an action. */
export function reduce(data: BootData, state: PageState, action: PageAction): PageState {
  const { lengthNs } = data;
  switch (action.kind) {
    case 'move':
      return selected(data, state, placeAfter(data, state, action.to));
    case 'select':
      return selected(data, state, action.place);
    case 'filter':
      return filtered(data, state, { ...state.filter, ...action.filter });
    case 'comments':
      return { ...state, comments: !state.comments };
    case 'whole':
      return { ...state, window: wholeTrace(lengthNs), tip: undefined };
    case 'zoom-to-row':
      return zoomedToRow(data, state);
    case 'zoom': {
      const middle = (state.window.fromNs + state.window.toNs) / 2;
      const around = action.aroundNs ?? middle;
      return { ...state, window: zoom(state.window, action.factor, around, lengthNs) };
    }
    case 'pan':
      return { ...state, window: pan(state.window, action.share, lengthNs) };
    case 'tip':
      return { ...state, tip: action.tip };
    case 'tip-away':
      return state.tip === undefined ? state : { ...state, tip: undefined };
    case 'theme':
      return { ...state, theme: action.theme };
    case 'help':
      return { ...state, help: action.open };
    case 'printing':
      return { ...state, printing: action.printing, tip: undefined };
    case 'time-width':
      return state.timePx === action.timePx ? state : { ...state, timePx: action.timePx };
  }
}

function selected(data: BootData, state: PageState, place: number): PageState {
  const row = shownRows(data, state.filter)[place];
  if (row === undefined) return state;
  const told = row.kind === 'event' ? `at ${row.told}` : `${row.told} long`;
  return { ...state, selected: place, reveals: state.reveals + 1, notice: `${row.name}, ${told}` };
}

function filtered(data: BootData, state: PageState, filter: RowFilter): PageState {
  const many = shownRows(data, filter).length;
  const all = data.rows.length;
  const notice = many === all ? 'All rows shown' : `${many} of ${all} rows`;
  return { ...state, filter, selected: 0, tip: undefined, notice };
}

function placeAfter(data: BootData, { filter, selected: at }: PageState, to: Move): number {
  const last = shownRows(data, filter).length - 1;
  switch (to) {
    case 'next':
      return Math.min(last, at + 1);
    case 'previous':
      return Math.max(0, at - 1);
    case 'first':
      return 0;
    case 'last':
      return last;
    case 'page-down':
      return Math.min(last, at + pageRows);
    case 'page-up':
      return Math.max(0, at - pageRows);
  }
}

function zoomedToRow(data: BootData, state: PageState): PageState {
  const row = shownRows(data, state.filter)[state.selected];
  if (row === undefined) return state;
  const { fromNs, toNs } = row;
  const around = toNs > fromNs ? (toNs - fromNs) * aroundShare : aroundInstantNs;
  return { ...state, window: windowBetween(fromNs - around, toNs + around, data.lengthNs) };
}
