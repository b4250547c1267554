import type { Glyphs } from './glyphs.ts';
import type { Paint } from './paint.ts';
import { columns, wrapItems } from './text.ts';

/** A title and facts behind it, or below it where it is too narrow. */
export function titleLines(
  title: string,
  facts: readonly string[],
  {
    width,
    glyphs,
    paint,
  }: { readonly width: number; readonly glyphs: Glyphs; readonly paint: Paint },
): string[] {
  const separator = ` ${glyphs.separator} `;
  const rest = facts.map((fact) => `${separator}${fact}`).join('');
  if (columns(title + rest) <= width) {
    return [paint('bold', title) + paint('dim', rest)];
  }
  const lines = wrapItems(
    facts.map((text) => ({ text })),
    separator.length,
    width,
  );
  return [
    paint('bold', title),
    ...lines.map((line) => paint('dim', line.map(({ text }) => text).join(separator))),
  ];
}
