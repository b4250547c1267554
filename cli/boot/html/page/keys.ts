import type { Move, PageAction } from './page-action.ts';
import type { PageState } from './page-state.ts';

/** A key as the browser names it. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
}

const moves: ReadonlyMap<string, Move> = new Map([
  ['ArrowDown', 'next'],
  ['ArrowUp', 'previous'],
  ['Home', 'first'],
  ['End', 'last'],
  ['PageDown', 'page-down'],
  ['PageUp', 'page-up'],
]);

const zoomFactor = 0.5;
const panShare = 0.25;

/** What a key does while the rows have the focus; undefined: nothing. */
export function rowKey({ key }: KeyPress): PageAction | undefined {
  const to = moves.get(key);
  if (to !== undefined) return { kind: 'move', to };
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return { kind: 'pan', share: key === 'ArrowLeft' ? -panShare : panShare };
    case '+':
    case '=':
      return { kind: 'zoom', factor: zoomFactor };
    case '-':
      return { kind: 'zoom', factor: 1 / zoomFactor };
    case 'z':
      return { kind: 'zoom-to-row' };
    default:
      return undefined;
  }
}

export type PageKey = PageAction | 'focus-filter' | undefined;

/** What a key does wherever the focus is, other than in a text field; `focus-filter` is for the page itself. */
export function pageKey({ key }: KeyPress, { filter, tip }: PageState): PageKey {
  switch (key) {
    case '/':
      return 'focus-filter';
    case '?':
      return { kind: 'help', open: true };
    case 'c':
      return { kind: 'filter', filter: { criticalOnly: !filter.criticalOnly } };
    case 'm':
      return { kind: 'comments' };
    case '0':
      return { kind: 'whole' };
    case 'Escape':
      if (tip !== undefined) return { kind: 'tip-away' };
      return { kind: 'filter', filter: { text: '', criticalOnly: false } };
    default:
      return undefined;
  }
}

/** The keys, as the page tells them. */
export const keyHelp: readonly (readonly [keys: string, does: string])[] = [
  ['↑ ↓', 'next row; Home, End, Page Up, Page Down'],
  ['← →', 'earlier, later, where the picture is zoomed'],
  ['+ -', 'zoom in, out'],
  ['z', 'zoom to the row'],
  ['0', 'the whole boot'],
  ['c', 'only what the end of the boot waited for'],
  ['m', 'comments on or off'],
  ['/', 'filter the rows'],
  ['Escape', 'close what is open, then clear the filter'],
  ['?', 'this help'],
];
