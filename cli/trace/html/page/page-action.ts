import type { PageSize, PageState, Shown, ShownOf } from './page-state.ts';
import { collapseAll, expandAll, move, select, toggleRow, type Move } from './row-moves.ts';
import { isFiltering, type SpanFilter } from './span-filter.ts';
import { momentAt, pan, wholeTrace, windowBetween, zoom, type TimeWindow } from './time-window.ts';
import type { SpanRow, TraceModel } from './trace-model.ts';

/** What a person does to the window of time that is drawn. */
type WindowAction =
  | { readonly kind: 'window'; readonly fromNs: number; readonly toNs: number }
  /** Around a moment, or else the middle. */
  | { readonly kind: 'zoom'; readonly factor: number; readonly aroundNs?: number }
  | { readonly kind: 'zoom-to-row'; readonly index: number }
  | { readonly kind: 'pan'; readonly share: number }
  | { readonly kind: 'whole' };

/** What a person, or the browser, does to the page. */
export type PageAction =
  | WindowAction
  | { readonly kind: 'filter'; readonly filter: Partial<SpanFilter> }
  | { readonly kind: 'toggle-service'; readonly service: string }
  | { readonly kind: 'toggle-row'; readonly index: number }
  | { readonly kind: 'expand-all' | 'collapse-all' }
  | { readonly kind: 'move'; readonly to: Move }
  | { readonly kind: 'select'; readonly index: number; readonly details: boolean }
  | { readonly kind: 'details' | 'help'; readonly open: boolean }
  | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
  | { readonly kind: 'printing'; readonly printing: boolean }
  | { readonly kind: 'notice'; readonly notice: string }
  | { readonly kind: 'size'; readonly size: Partial<PageSize> };

/** The state after an action. */
export function reduce(
  model: TraceModel,
  shownOf: ShownOf,
  state: PageState,
  action: PageAction,
): PageState {
  switch (action.kind) {
    case 'filter':
      return filtered(shownOf, state, { ...state.filter, ...action.filter });
    case 'toggle-service':
      return filtered(shownOf, state, withToggled(state.filter, action.service));
    case 'toggle-row':
      return toggleRow(model, state, action.index);
    case 'expand-all':
      return expandAll(state);
    case 'collapse-all':
      return collapseAll(model, state);
    case 'move':
      return move(model, shownOf, state, action.to);
    case 'select':
      return { ...select(model, shownOf, state, action.index), details: action.details };
    case 'details':
      return { ...state, details: action.open };
    case 'help':
      return { ...state, help: action.open };
    case 'theme':
      return { ...state, theme: action.theme };
    case 'printing':
      return { ...state, printing: action.printing };
    case 'notice':
      return { ...state, notice: action.notice };
    case 'size':
      return { ...state, size: { ...state.size, ...action.size } };
    case 'window':
    case 'zoom':
    case 'zoom-to-row':
    case 'pan':
    case 'whole':
      return { ...state, window: windowAfter(model, state.window, action) };
  }
}

/** A new filter shows all that fits. */
function filtered(shownOf: ShownOf, state: PageState, filter: SpanFilter): PageState {
  const next = { ...state, filter, collapsedInFilter: new Set<number>() };
  const shown = shownOf(next);
  const notice = isFiltering(filter) ? `${shown.fitting} spans fit` : 'All spans shown';
  const selected = nearestFit(shown, state.selected);
  return { ...next, selected, notice, reveals: state.reveals + 1 };
}

/** The row itself where it is shown and fits, else the nearest such one above it in the tree, else the first. */
function nearestFit({ rows }: Shown, selected: number): number {
  const fit = rows.filter(({ fits }) => fits).map(({ row }) => row);
  const near = fit.findLast(({ index, end }) => index <= selected && end > selected) ?? fit[0];
  return near?.index ?? selected;
}

function withToggled(filter: SpanFilter, service: string): SpanFilter {
  const hidden = new Set(filter.hidden);
  if (!hidden.delete(service)) hidden.add(service);
  return { ...filter, hidden };
}

function windowAfter(
  { rows, lengthNs }: TraceModel,
  window: TimeWindow,
  action: WindowAction,
): TimeWindow {
  switch (action.kind) {
    case 'window':
      return windowBetween(action.fromNs, action.toNs, lengthNs);
    case 'zoom':
      return zoom(window, action.factor, action.aroundNs ?? momentAt(window, 0.5), lengthNs);
    case 'pan':
      return pan(window, action.share, lengthNs);
    case 'whole':
      return wholeTrace(lengthNs);
    case 'zoom-to-row':
      return windowAround(rows[action.index], window, lengthNs);
  }
}

/** The span and a little of what is around it. */
function windowAround(row: SpanRow | undefined, window: TimeWindow, lengthNs: number): TimeWindow {
  if (row === undefined) return window;
  const { fromNs, toNs } = row;
  const margin = toNs > fromNs ? (toNs - fromNs) / 20 : (window.toNs - window.fromNs) / 20;
  return windowBetween(Math.max(0, fromNs - margin), Math.min(lengthNs, toNs + margin), lengthNs);
}
