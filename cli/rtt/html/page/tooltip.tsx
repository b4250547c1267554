import type { ComponentChildren } from 'preact';
import type { MatrixCell } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { besides } from '../../../html/page/besides.ts';
import { Breakable } from '../../../html/page/breakable.tsx';
import { printable } from '../../../terminal/text.ts';
import { lossOf } from '../../cell-state.ts';
import { lossText } from '../../loss-text.ts';
import { timeText } from '../../time-text.ts';
import { zoneName } from '../../zone-name.ts';
import type { Member } from '../../matrix.ts';
import type { PageProps } from './page-props.ts';
import { cellOf, type ShownCell } from './shown-map.ts';
import { memberName } from './wording.ts';

/** All that was measured between two, beside the pointer or the cell that the keyboard is at. */
export function Tooltip({ state, shown }: PageProps) {
  const { tip } = state;
  const cell = tip === undefined ? undefined : cellOf(shown, state, tip);
  if (tip === undefined || cell === undefined) return null;
  const zoned = shown.matrix.of === 'node';
  return (
    <div class="tooltip" aria-hidden="true" style={besides(tip)}>
      <dl>
        <End name="from" member={cell.from} zoned={zoned} />
        <End name="to" member={cell.to} zoned={zoned} />
      </dl>
      <Measured {...cell} />
    </div>
  );
}

interface EndProps {
  readonly name: string;
  readonly member: Member;
  readonly zoned: boolean;
}

function End({ name, member, zoned }: EndProps) {
  return (
    <Fact name={name}>
      <strong>
        <Breakable text={memberName(member)} />
      </strong>{' '}
      {zoned && member.zone !== '' && (
        <span class="muted">
          <bdi>{printable(zoneName(member.zone))}</bdi>
        </span>
      )}
    </Fact>
  );
}

function Measured({ state, cell, back }: ShownCell) {
  if (state === 'own') return <p class="muted">itself</p>;
  if (cell === undefined || cell.sent === 0) return <p class="muted">not measured</p>;
  return (
    <dl>
      <Fact name="sent">{cell.sent}</Fact>
      <Fact name="lost">
        {cell.lost > 0 ? (
          <span class="bad">
            ✗ {cell.lost}, {lossText(lossOf(cell))}
          </span>
        ) : (
          'none'
        )}
      </Fact>
      <Fact name="mean">{timeText(cell.meanS)}</Fact>
      <Fact name="min, max">
        {timeText(cell.minS)}, {timeText(cell.maxS)}
      </Fact>
      <Fact name="last">{timeText(cell.lastS)}</Fact>
      {back !== undefined && back.sent > 0 && <Fact name="way back">{backText(back)}</Fact>}
    </dl>
  );
}

function backText(back: MatrixCell): string {
  const loss = back.lost > 0 ? `, ✗ ${lossText(lossOf(back))} lost` : '';
  return `${timeText(back.meanS)}${loss}`;
}

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

function Fact({ name, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
