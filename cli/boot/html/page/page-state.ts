import type { Theme } from '../../../html/page/theme.ts';
import { wholeTrace, type TimeWindow } from '../../../trace/html/page/time-window.ts';
import type { BootData, BootRow } from './boot-data.ts';

/** Which rows are asked for. */
export interface RowFilter {
  /** Words that must all occur in a row's name or details; case does not matter. */
  readonly text: string;
  /** What the boot's end waited for, and what it ends with. */
  readonly criticalOnly: boolean;
}

/** All that decides what the page shows. */
export interface PageState {
  readonly filter: RowFilter;
  readonly comments: boolean;
  readonly window: TimeWindow;
  /** Place of the selected row among those that are shown. */
  readonly selected: number;
  /** Raised when the selected row is to be scrolled into view. */
  readonly reveals: number;
  /** The row under the pointer, beside a point of the browser's window; undefined: none. */
  readonly tip: { readonly place: number; readonly x: number; readonly y: number } | undefined;
  readonly theme: Theme;
  readonly help: boolean;
  readonly printing: boolean;
  /** What is told to who listens rather than looks. */
  readonly notice: string;
  /** Width of the drawn axis, in pixels. */
  readonly timePx: number;
}

export function firstState({ lengthNs }: BootData): PageState {
  return {
    filter: { text: '', criticalOnly: false },
    comments: true,
    window: wholeTrace(lengthNs),
    selected: 0,
    reveals: 0,
    tip: undefined,
    theme: undefined,
    help: false,
    printing: false,
    notice: '',
    timePx: 700,
  };
}

/** The rows that fit a filter. */
export function shownRows({ rows }: BootData, { text, criticalOnly }: RowFilter): BootRow[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter(
    (row) =>
      (!criticalOnly || row.waited !== '' || row.terminal) &&
      words.every((word) => searchText(row).includes(word)),
  );
}

function searchText({ name, details, failure }: BootRow): string {
  return [name, failure, ...details.map(([key, value]) => `${key}=${value}`)]
    .join('\n')
    .toLowerCase();
}
