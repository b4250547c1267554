import type { Theme } from '../../../html/page/theme.ts';
import {
  fittingRows,
  isFiltering,
  noFilter,
  shownRows,
  type ShownRow,
  type SpanFilter,
} from './span-filter.ts';
import { wholeTrace, type TimeWindow } from './time-window.ts';
import type { TraceModel } from './trace-model.ts';

/** All that decides what the page shows. */
export interface PageState {
  readonly filter: SpanFilter;
  /** Rows of the whole tree whose children are not shown. */
  readonly collapsed: ReadonlySet<number>;
  /** The same while a filter is on, which shows all that fits at first. */
  readonly collapsedInFilter: ReadonlySet<number>;
  readonly window: TimeWindow;
  /** Index of the row that has the keyboard's attention. */
  readonly selected: number;
  /** Raised when the selected row is to be scrolled into view. */
  readonly reveals: number;
  readonly details: boolean;
  readonly help: boolean;
  readonly theme: Theme;
  readonly printing: boolean;
  /** What is told to who listens rather than looks. */
  readonly notice: string;
  readonly size: PageSize;
}

/** What the browser measured, in pixels. */
export interface PageSize {
  /** Width of the drawn window. */
  readonly timePx: number;
  /** Height of what is scrolled in, and how far its rows are scrolled. */
  readonly viewPx: number;
  readonly scrolledPx: number;
  /** Height of the band of phases. */
  readonly bandPx: number;
}

export function firstState({ lengthNs }: TraceModel): PageState {
  return {
    filter: noFilter,
    collapsed: new Set(),
    collapsedInFilter: new Set(),
    window: wholeTrace(lengthNs),
    selected: 0,
    reveals: 0,
    details: false,
    help: false,
    theme: undefined,
    printing: false,
    notice: '',
    size: { timePx: 800, viewPx: 800, scrolledPx: 0, bandPx: 0 },
  };
}

/** The rows that a state shows. */
export interface Shown {
  readonly rows: readonly ShownRow[];
  /** How many fit the filter, shown or collapsed. */
  readonly fitting: number;
}

/** Gives the rows that a state shows. */
export type ShownOf = (state: PageState) => Shown;

/** Computes the rows of a state; remembers those of the last one asked for. */
export function rememberShown(model: TraceModel): ShownOf {
  let fits: { filter: SpanFilter; rows: boolean[]; count: number } | undefined;
  let last: { collapsed: ReadonlySet<number>; fits: typeof fits; shown: Shown } | undefined;
  return (state) => {
    if (fits?.filter !== state.filter) {
      const rows = fittingRows(model.rows, state.filter);
      fits = { filter: state.filter, rows, count: rows.filter(Boolean).length };
    }
    const collapsed = collapsedOf(state);
    if (last?.collapsed !== collapsed || last.fits !== fits) {
      const shown = { rows: shownRows(model.rows, fits.rows, collapsed), fitting: fits.count };
      last = { collapsed, fits, shown };
    }
    return last.shown;
  };
}

export function collapsedOf(state: PageState): ReadonlySet<number> {
  return isFiltering(state.filter) ? state.collapsedInFilter : state.collapsed;
}
