import { printable } from '../../../terminal/text.ts';
import { lossOf, type CellState } from '../../cell-state.ts';
import { lossText } from '../../loss-text.ts';
import { timeText } from '../../time-text.ts';
import { zoneName } from '../../zone-name.ts';
import type { Member } from '../../matrix.ts';
import type { Scale } from './scale.ts';
import type { ShownCell } from './shown-map.ts';

const marks: Readonly<Record<CellState, string>> = {
  own: '',
  missing: '?',
  lost: '✗ all',
  lossy: '✗ ',
  sound: '',
};

/** What stands in a cell. */
export function cellText({ state, value }: ShownCell, scale: Scale): string {
  const counts = state === 'sound' || state === 'lossy';
  return marks[state] + (counts ? (value === null ? '?' : scale.numberOf(value)) : '');
}

/** A member's name; a node's is never empty, a zone's may be. */
export function memberName({ name }: Member): string {
  return printable(zoneName(name));
}

/** A cell for who listens. */
export function saidOf({ from, to, state, cell }: ShownCell): string {
  const link = `${memberName(from)} to ${memberName(to)}`;
  if (state === 'own') return `${link}: itself`;
  if (cell === undefined || state === 'missing') return `${link}: not measured`;
  const loss = `${lossText(lossOf(cell))} lost`;
  return state === 'lost' ? `${link}: ${loss}` : `${link}: mean ${timeText(cell.meanS)}, ${loss}`;
}
