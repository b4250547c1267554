import type { PageAction } from './page-action.ts';
import type { PageState } from './page-state.ts';
import type { Move } from './row-moves.ts';
import { isFiltering, noFilter } from './span-filter.ts';
import { isWhole } from './time-window.ts';

/** A key as the browser names it. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
}

const moves: ReadonlyMap<string, Move> = new Map([
  ['ArrowDown', 'next'],
  ['ArrowUp', 'previous'],
  ['ArrowRight', 'in'],
  ['ArrowLeft', 'out'],
  ['Home', 'first'],
  ['End', 'last'],
  ['PageDown', 'page-down'],
  ['PageUp', 'page-up'],
]);

const zoomFactor = 0.5;
const panShare = 0.25;

/** What a key does while the tree of spans has the focus; undefined: nothing. */
export function treeKey({ key, shiftKey }: KeyPress, state: PageState): PageAction | undefined {
  if (shiftKey && (key === 'ArrowLeft' || key === 'ArrowRight')) {
    return { kind: 'pan', share: key === 'ArrowLeft' ? -panShare : panShare };
  }
  const to = moves.get(key);
  if (to !== undefined) return { kind: 'move', to };
  switch (key) {
    case 'Enter':
      return { kind: 'details', open: true };
    case ' ':
      return { kind: 'toggle-row', index: state.selected };
    case '+':
    case '=':
      return { kind: 'zoom', factor: zoomFactor };
    case '-':
      return { kind: 'zoom', factor: 1 / zoomFactor };
    case '0':
      return { kind: 'whole' };
    case 'z':
      return { kind: 'zoom-to-row', index: state.selected };
    case '*':
      return { kind: 'expand-all' };
    default:
      return undefined;
  }
}

/** What a key does wherever the focus is, other than in a text field; `focus-filter` is for the page itself. */
export function pageKey({ key }: KeyPress, state: PageState, lengthNs: number): PageKey {
  switch (key) {
    case '/':
      return 'focus-filter';
    case '?':
      return { kind: 'help', open: true };
    case 'Escape':
      return escape(state, lengthNs);
    default:
      return undefined;
  }
}

export type PageKey = PageAction | 'focus-filter' | undefined;

/** Closes what was opened last: details, the filter, the zoom. */
function escape(state: PageState, lengthNs: number): PageAction | undefined {
  if (state.details) return { kind: 'details', open: false };
  if (isFiltering(state.filter)) return { kind: 'filter', filter: noFilter };
  return isWhole(state.window, lengthNs) ? undefined : { kind: 'whole' };
}

/** The keys, as the page tells them. */
export const keyHelp: readonly (readonly [keys: string, does: string])[] = [
  ['↑ ↓', 'previous, next span'],
  ['← →', 'collapse or go to the parent; expand or go to the first child'],
  ['Space', 'collapse or expand'],
  ['Home End', 'first, last span'],
  ['Page Up, Page Down', 'a page of spans'],
  ['Enter', 'details of the span'],
  ['Escape', 'close what is open, then clear the filter, then show the whole trace'],
  ['/', 'filter'],
  ['+ −', 'zoom in, out'],
  ['z', 'zoom to the span'],
  ['Shift ← →', 'move the window'],
  ['0', 'whole trace'],
  ['*', 'expand all'],
  ['?', 'this help'],
];
