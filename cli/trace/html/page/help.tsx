import { KeyHelp } from '../../../html/page/key-help.tsx';
import { keyHelp } from './keys.ts';
import type { PageProps } from './page-props.ts';

/** The keys, and what the pointer can do. */
export function Help({ state, dispatch }: PageProps) {
  return (
    <KeyHelp
      open={state.help}
      keys={keyHelp}
      onClose={() => dispatch({ kind: 'help', open: false })}
    >
      Drag along the axis or the bars to zoom in. The wheel zooms on the axis, and anywhere with
      Ctrl; with Shift it moves the window. Two clicks on a span zoom to it, two on the axis show
      the whole trace.
    </KeyHelp>
  );
}
