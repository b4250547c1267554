import { isDark } from './apply-theme.ts';
import type { Theme } from './theme.ts';

interface ThemeProps {
  readonly theme: Theme;
  readonly onTheme: (theme: 'light' | 'dark') => void;
}

/** Changes between light and dark, from what the system has. */
export function ThemeButton({ theme, onTheme }: ThemeProps) {
  const dark = isDark(theme);
  return (
    <button
      type="button"
      class="tool"
      aria-pressed={dark}
      onClick={() => onTheme(dark ? 'light' : 'dark')}
    >
      Dark
    </button>
  );
}
