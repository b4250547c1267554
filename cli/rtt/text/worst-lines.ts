import { tableLines, type Column } from '../../terminal/table.ts';
import { lossOf } from '../cell-state.ts';
import { lossText } from '../loss-text.ts';
import type { Link, Matrix } from '../matrix.ts';
import { shortNames } from '../short-names.ts';
import { timeText } from '../time-text.ts';
import { zoneName } from '../zone-name.ts';
import type { Drawing } from './matrix-lines.ts';

/** What the numbers take, without and with the longest. */
const numbersWidth = { narrow: 24, wide: 36 };
const narrowBelow = 60;

/** Some links of a matrix as a table under a title; nothing where there are none. */
export function worstLines(
  { of, members }: Matrix,
  links: readonly Link[],
  { title, width, glyphs, paint }: Drawing & { readonly title: string },
): string[] {
  if (links.length === 0) return [];
  const wide = width >= narrowBelow;
  const room = Math.floor((width - (wide ? numbersWidth.wide : numbersWidth.narrow)) / 2);
  const all = members.map(({ name }) => (of === 'zone' ? zoneName(name) : name));
  const names = shortNames(all, room, glyphs.ellipsis);
  const right = (name: string): Column => ({ title: name, align: 'right' });
  const head = [{ title: 'FROM' }, { title: 'TO' }, right('MEAN'), right('LOST')];
  const [titles = '', ...rows] = tableLines(
    wide ? head.toSpliced(3, 0, right('MAX')) : head,
    links.map(({ from, to, cell }) => {
      const max = wide ? [timeText(cell.maxS, glyphs.micro)] : [];
      const mean = timeText(cell.meanS, glyphs.micro);
      return [names[from] ?? '', names[to] ?? '', mean, ...max, lossText(lossOf(cell))];
    }),
  );
  return [paint('bold', title), paint('dim', titles), ...rows];
}
