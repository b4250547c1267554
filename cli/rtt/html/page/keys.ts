import { measures } from './measure.ts';
import type { Move, PageAction } from './page-action.ts';
import type { PageState } from './page-state.ts';

const moves: ReadonlyMap<string, Move> = new Map([
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['Home', 'row-begin'],
  ['End', 'row-end'],
  ['PageUp', 'page-up'],
  ['PageDown', 'page-down'],
]);

/** What a key does while the map has the focus; undefined: nothing. */
export function mapKey(key: string, ctrl: boolean): PageAction | undefined {
  if (ctrl) {
    if (key === 'Home') return { kind: 'move', to: 'first' };
    return key === 'End' ? { kind: 'move', to: 'last' } : undefined;
  }
  const to = moves.get(key);
  return to === undefined ? undefined : { kind: 'move', to };
}

export type PageKey = PageAction | 'focus-filter' | undefined;

/** What a key does wherever the focus is, other than in a text field; `focus-filter` is for the page itself. */
export function pageKey(key: string, state: PageState): PageKey {
  switch (key) {
    case '/':
      return 'focus-filter';
    case '?':
      return { kind: 'help', open: true };
    case 'z':
      return { kind: 'of', of: state.of === 'node' ? 'zone' : 'node' };
    case 't':
      return { kind: 'turn' };
    case 's':
      return { kind: 'resize-cells' };
    case 'Escape':
      return state.tip === undefined ? { kind: 'filter', filter: '' } : { kind: 'tip-away' };
    default: {
      const measure = measures[Number(key) - 1];
      return measure === undefined ? undefined : { kind: 'measure', measure };
    }
  }
}

/** The keys, as the page tells them. */
export const keyHelp: readonly (readonly [keys: string, does: string])[] = [
  ['← ↑ ↓ →', 'next cell; what it says stands beside it'],
  ['Home End', 'first, last cell of the row; with Ctrl of the map'],
  ['Page Up, Page Down', 'ten rows'],
  ['1 2 3 4', 'show mean, max, last, loss'],
  ['z', 'nodes or zones'],
  ['t', 'rows are where probes come from, or where they go to'],
  ['s', 'small or large cells'],
  ['/', 'filter the rows'],
  ['Escape', 'close what is open, then clear the filter'],
  ['?', 'this help'],
];
