import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface KeyHelpProps {
  readonly open: boolean;
  readonly keys: readonly (readonly [keys: string, does: string])[];
  /** What the pointer can do. */
  readonly children: ComponentChildren;
  readonly onClose: () => void;
}

/** The keys, and what the pointer can do. */
export function KeyHelp({ open, keys, children, onClose }: KeyHelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {keys.map(([names, does]) => (
          <div key={names}>
            <dt>
              <kbd>{names}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>{children}</p>
      <button type="button" class="tool" onClick={onClose}>
        Close
      </button>
    </dialog>
  );
}
