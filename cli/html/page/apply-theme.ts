import type { Theme } from './theme.ts';

/** Makes the style sheet take a theme. */
export function applyTheme(theme: Theme): void {
  if (theme === undefined) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function isDark(theme: Theme): boolean {
  return theme === undefined
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : theme === 'dark';
}
