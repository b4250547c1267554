import { render, type VNode } from 'preact';
import { applyTheme } from './apply-theme.ts';
import { elementOf } from './element.ts';
import type { Theme } from './theme.ts';

type Printing = { readonly kind: 'printing'; readonly printing: boolean };

interface PageParts<State, Action> {
  readonly first: State;
  readonly reduce: (state: State, action: Action | Printing) => State;
  readonly view: (state: State) => VNode;
  readonly themeOf: (state: State) => Theme;
}

export interface RunningPage<State, Action> {
  readonly state: () => State;
  /** Draws with the next frame, where the action changes anything. */
  readonly dispatch: (action: Action) => void;
  /** Draws for the first time, and from then on also when the browser prints. */
  readonly start: () => void;
}

/** A page that is drawn anew from its state whenever an action has changed that. */
export function runPage<State, Action>(
  parts: PageParts<State, Action>,
): RunningPage<State, Action> {
  const place = elementOf('page');
  let state = parts.first;
  let frame = 0;

  const draw = (): void => {
    cancelAnimationFrame(frame);
    frame = 0;
    render(parts.view(state), place);
  };
  const dispatch = (action: Action | Printing): void => {
    const before = state;
    state = parts.reduce(state, action);
    applyTheme(parts.themeOf(state));
    if (state !== before && frame === 0) frame = requestAnimationFrame(draw);
  };
  const print = (printing: boolean): void => {
    dispatch({ kind: 'printing', printing });
    draw();
  };
  return {
    state: () => state,
    dispatch,
    start: () => {
      addEventListener('beforeprint', () => print(true));
      addEventListener('afterprint', () => print(false));
      draw();
    },
  };
}
