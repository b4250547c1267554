import { useLayoutEffect, useRef } from 'preact/hooks';
import { keyHelp } from './keys.ts';
import type { PageProps } from './page-props.ts';

/** The keys, and what the pointer can do. */
export function Help({ state, dispatch }: PageProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (state.help) dialog.current?.showModal();
    else dialog.current?.close();
  }, [state.help]);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={() => dispatch({ kind: 'help', open: false })}
    >
      <h2 id="help-title">Keys</h2>
      <dl>
        {keyHelp.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>
        Drag along the axis or the bars to zoom in. The wheel zooms on the axis, and anywhere with
        Ctrl; with Shift it moves the window. Two clicks on a span zoom to it, two on the axis show
        the whole trace.
      </p>
      <button type="button" class="tool" onClick={() => dispatch({ kind: 'help', open: false })}>
        Close
      </button>
    </dialog>
  );
}
