import { columns, printable } from '../../terminal/text.ts';
import { shortNames } from '../short-names.ts';

/** How a matrix is laid out: `numbered`: the columns have numbers for titles, which stand before the rows' names. */
export type MatrixLayout =
  | {
      readonly kind: 'named' | 'numbered';
      readonly labels: readonly string[];
      readonly titles: readonly string[];
      readonly label: number;
      readonly cell: number;
    }
  | { readonly kind: 'too-wide' };

/** What stands between two columns. */
export const columnGap = '  ';
/** Columns that a name keeps at least. */
const leastName = 12;

/** The first layout that fits the width: names for titles, as they are or shortened, then numbers. */
export function layOutMatrix(
  names: readonly string[],
  longestCell: number,
  { width, ellipsis }: { readonly width: number; readonly ellipsis: string },
): MatrixLayout {
  const widest = widestOf(names.map(printable));
  const share = Math.floor(width / (names.length + 1)) - columnGap.length;
  const named = shortNames(names, Math.max(leastName, Math.min(widest, share)), ellipsis);
  const cell = Math.max(longestCell, widestOf(named));
  if (lineWidth(widestOf(named), cell, names.length) <= width) {
    return { kind: 'named', labels: named, titles: named, label: widestOf(named), cell };
  }
  const titles = names.map((_, index) => String(index + 1));
  const digits = widestOf(titles);
  const numberCell = Math.max(longestCell, digits);
  const room = width - lineWidth(digits + 1, numberCell, names.length);
  if (room < Math.min(leastName, widest)) return { kind: 'too-wide' };
  const labels = shortNames(names, Math.min(widest, room), ellipsis).map(
    (name, index) => `${(titles[index] ?? '').padStart(digits)} ${name}`,
  );
  return { kind: 'numbered', labels, titles, label: widestOf(labels), cell: numberCell };
}

function lineWidth(label: number, cell: number, count: number): number {
  return label + count * (columnGap.length + cell);
}

function widestOf(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, columns(text)), 0);
}
