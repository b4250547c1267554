import { InvalidArgumentError } from 'commander';
import type { MatrixReport } from '../../receivers/shared/mesh/matrix-report.ts';
import { durationMs } from '../options.ts';
import { printable } from '../terminal/text.ts';
import { lossOf } from './cell-state.ts';
import { lossText } from './loss-text.ts';
import { linksOf, widestMatrix, type Link, type Matrix } from './matrix.ts';
import { timeText } from './time-text.ts';
import { zoneName } from './zone-name.ts';

/** What no pair may exceed; a loss is a share. */
export interface Limit {
  readonly of: 'mean' | 'max' | 'loss';
  readonly most: number;
  /** As the user wrote it. */
  readonly text: string;
}

/** Option parser for `mean=2ms`, `max=10ms` or `loss=1%`; repeated, all of them. */
export function limitArgument(text: string, previous: readonly Limit[] = []): readonly Limit[] {
  const [of = '', most = ''] = text.split('=', 2);
  switch (of) {
    case 'mean':
    case 'max':
      return [...previous, { of, most: durationMs(most) / 1000, text }];
    case 'loss':
      return [...previous, { of, most: share(most), text }];
    default:
      throw new InvalidArgumentError('expected mean=DURATION, max=DURATION or loss=PERCENT%');
  }
}

function share(text: string): number {
  const percent = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
  if (percent <= 100) return percent / 100;
  throw new InvalidArgumentError(`expected a loss from 0% to 100%, got '${text}'`);
}

/** One line for each limit that is exceeded: by whom, how far, and by how many besides. */
export function exceeded(report: MatrixReport, limits: readonly Limit[]): string[] {
  const matrix = widestMatrix(report);
  return limits.flatMap((limit) => {
    const over = linksOf(matrix)
      .filter(({ cell }) => measureOf(cell, limit.of) > limit.most)
      .toSorted((a, b) => measureOf(b.cell, limit.of) - measureOf(a.cell, limit.of));
    const [worst] = over;
    if (worst === undefined) return [];
    const more = over.length > 1 ? `, and ${over.length - 1} more` : '';
    return [`over ${limit.text}: ${linkText(matrix, worst, limit.of)}${more}`];
  });
}

function measureOf(cell: Link['cell'], of: Limit['of']): number {
  switch (of) {
    case 'mean':
      return cell.meanS ?? 0;
    case 'max':
      return cell.maxS ?? 0;
    case 'loss':
      return lossOf(cell);
  }
}

function linkText({ of, members }: Matrix, { from, to, cell }: Link, measure: Limit['of']): string {
  const [source, destination] = [from, to].map((place) => {
    const name = members[place]?.name ?? '';
    return printable(of === 'zone' ? `zone ${zoneName(name)}` : name);
  });
  const value = measureOf(cell, measure);
  const told = measure === 'loss' ? lossText(value) : timeText(value, 'u');
  return `${source} to ${destination} ${told}`;
}
