import { ThemeButton } from './theme-button.tsx';
import type { Theme } from './theme.ts';

interface ToolsProps {
  readonly theme: Theme;
  readonly dispatch: (
    action:
      | { readonly kind: 'theme'; readonly theme: 'light' | 'dark' }
      | { readonly kind: 'help'; readonly open: boolean },
  ) => void;
}

/** What every page has at its upper right. */
export function PageTools({ theme, dispatch }: ToolsProps) {
  return (
    <div class="tools">
      <ThemeButton theme={theme} onTheme={(chosen) => dispatch({ kind: 'theme', theme: chosen })} />
      <button
        type="button"
        class="tool"
        aria-keyshortcuts="?"
        onClick={() => dispatch({ kind: 'help', open: true })}
      >
        Keys <kbd>?</kbd>
      </button>
    </div>
  );
}
