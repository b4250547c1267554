import { visibleRange } from '../../../html/page/visible-range.ts';
import { printable } from '../../../terminal/text.ts';
import { zoneName } from '../../zone-name.ts';
import type { PageProps } from './page-props.ts';
import { memberName } from './wording.ts';
import { everyPlace, zoneBands } from './zone-bands.ts';

/** The zones above the columns and, where cells are large, the names of the members. */
export function ColumnHeads(props: PageProps) {
  const { state, shown, geometry } = props;
  const { headX, headY, cellX } = geometry;
  const bands = zoneBands(shown.matrix, everyPlace(shown.matrix));
  return (
    <div role="row" aria-rowindex={1} class="heads" style={{ height: `${headY}px` }}>
      <div role="columnheader" aria-colindex={1} class="corner" style={{ width: `${headX}px` }}>
        {!geometry.small && <span>{state.rowsAre === 'from' ? 'from ↓ to →' : 'to ↓ from →'}</span>}
      </div>
      {headY > 0 &&
        bands.length > 1 &&
        bands.map(({ zone, from, count }) => (
          <span
            key={`zone ${zone}`}
            class="zone"
            aria-hidden="true"
            title={printable(zoneName(zone))}
            style={{ left: `${headX + from * cellX}px`, width: `${count * cellX}px` }}
          >
            {printable(zoneName(zone))}
          </span>
        ))}
      {!geometry.small && <Names {...props} />}
    </div>
  );
}

function Names({ state, shown, geometry }: PageProps) {
  const { members } = shown.matrix;
  const { headX, cellX } = geometry;
  const view = { scrolledPx: state.size.leftPx, viewPx: state.size.widthPx };
  const { from, until } = state.printing
    ? { from: 0, until: members.length }
    : visibleRange(members.length, cellX, view, 3);
  return members.slice(from, until).map((member, index) => (
    <span
      key={from + index}
      role="columnheader"
      aria-colindex={from + index + 2}
      class={`column-name ${state.selected.column === from + index ? 'at' : ''}`}
      title={memberName(member)}
      style={{ left: `${headX + (from + index) * cellX}px`, width: `${cellX}px` }}
    >
      <bdi>{memberName(member)}</bdi>
    </span>
  ));
}
