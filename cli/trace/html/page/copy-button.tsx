import type { PageProps } from './page-props.ts';

interface CopyProps extends Pick<PageProps, 'dispatch'> {
  readonly text: string;
  /** What is copied, for who listens. */
  readonly what: string;
  /** Stands in the button in place of the usual picture. */
  readonly word?: string;
}

/** Puts a text into the clipboard. */
export function CopyButton({ text, what, word, dispatch }: CopyProps) {
  const copy = async () => {
    const notice = (await copyText(text)) ? `Copied the ${what}` : `Could not copy the ${what}`;
    dispatch({ kind: 'notice', notice });
  };
  return (
    <button
      type="button"
      class={word === undefined ? 'copy' : 'copy worded'}
      title={`Copy the ${what}`}
      aria-label={`Copy the ${what}`}
      onClick={() => void copy()}
    >
      {word ?? (
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />
        </svg>
      )}
    </button>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page that was opened from a file may not have that right; selecting and copying is older and always allowed.
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
