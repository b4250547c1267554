import type { PageProps } from './page-props.ts';

/** Changes between light and dark, from what the system has. */
export function ThemeButton({ state, dispatch }: PageProps) {
  const dark = (state.theme ?? systemTheme()) === 'dark';
  return (
    <button
      type="button"
      class="tool"
      aria-pressed={dark}
      onClick={() => dispatch({ kind: 'theme', theme: dark ? 'light' : 'dark' })}
    >
      Dark
    </button>
  );
}

function systemTheme(): 'light' | 'dark' {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
