import { columns, padEnd, padStart } from './text.ts';

export interface Column {
  readonly title: string;
  /** Numbers are read from the right. */
  readonly align?: 'left' | 'right';
}

/** Lays out rows under their titles, two spaces between columns; one text a line. */
export function tableLines(
  head: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const lines = [head.map(({ title }) => title), ...rows];
  const widths = head.map((_, index) =>
    lines.reduce((widest, line) => Math.max(widest, columns(line[index] ?? '')), 0),
  );
  return lines.map((line) =>
    head
      .map(({ align }, index) => {
        const pad = align === 'right' ? padStart : padEnd;
        return pad(line[index] ?? '', widths[index] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Lines of a name and its value, the values below each other. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): string[] {
  const widest = facts.reduce((width, [name]) => Math.max(width, columns(name)), 0);
  return facts.map(([name, value]) => `${padEnd(name, widest)}  ${value}`);
}
