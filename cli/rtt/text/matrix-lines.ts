import type { Glyphs } from '../../terminal/glyphs.ts';
import type { Paint } from '../../terminal/paint.ts';
import { columns, padEnd, padStart, wrapItems } from '../../terminal/text.ts';
import type { Matrix } from '../matrix.ts';
import { zoneName } from '../zone-name.ts';
import type { CellState } from '../cell-state.ts';
import { cellTexts } from './cell-text.ts';
import { columnGap, layOutMatrix } from './matrix-layout.ts';

/** What every part of the text is drawn with. */
export interface Drawing {
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly paint: Paint;
}

/** The matrix with what its marks mean; undefined where it does not fit the width. */
export function matrixLines(
  matrix: Matrix,
  { width, glyphs, paint }: Drawing,
): readonly string[] | undefined {
  const { unit, rows } = cellTexts(matrix, glyphs);
  const names = matrix.members.map(({ name }) => (matrix.of === 'zone' ? zoneName(name) : name));
  const longest = rows.flat().reduce((most, { text }) => Math.max(most, columns(text)), 0);
  const layout = layOutMatrix(names, longest, { width, ellipsis: glyphs.ellipsis });
  if (layout.kind === 'too-wide') return undefined;
  const { labels, titles, label, cell } = layout;
  const titleLine = titles.map((title) => columnGap + padStart(title, cell)).join('');
  const states = new Set(rows.flat().map(({ state }) => state));
  return [
    ' '.repeat(label) + paint('dim', titleLine),
    ...rows.map((row, index) => {
      const cells = row.map(({ text, style }) => {
        const padded = padStart(text, cell);
        return columnGap + (style === undefined ? padded : paint(style, padded));
      });
      return padEnd(labels[index] ?? '', label) + cells.join('');
    }),
    ...legend(matrix, { unit: unit.name, states, glyphs })
      .flatMap((items) => wrapItems(items, columnGap.length, width))
      .map((line) => paint('dim', line.map(({ text }) => text).join(columnGap))),
  ];
}

function legend(
  { of }: Matrix,
  {
    unit,
    states,
    glyphs,
  }: { readonly unit: string; readonly states: ReadonlySet<CellState>; readonly glyphs: Glyphs },
): { readonly text: string }[][] {
  const { failed, missing, itself } = glyphs;
  const lost = states.has('lost') || states.has('lossy');
  return [
    [
      { text: `means in ${unit}` },
      { text: `from the row's ${of} to the column's` },
      ...(lost ? [{ text: `${failed} lost probes` }] : []),
      ...(states.has('missing') ? [{ text: `${missing} not measured` }] : []),
      ...(states.has('own') ? [{ text: `${itself} itself` }] : []),
    ],
  ];
}
