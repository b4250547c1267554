import { nameOf } from '../../drawing.ts';
import { printable } from '../../../terminal/text.ts';
import { placeBar, type BarPlace } from './bar-place.ts';
import { percent } from './percent.ts';
import { textPx } from './phase-lanes.ts';
import { rowPx } from './row-moves.ts';
import { ServiceMark } from './service-mark.tsx';
import type { ShownRow } from './span-filter.ts';
import type { TimeWindow } from './time-window.ts';
import { lastingText } from './wording.ts';

interface SpanRowProps {
  readonly shown: ShownRow;
  /** Place among the drawn rows, from 0. */
  readonly place: number;
  readonly window: TimeWindow;
  readonly timePx: number;
  readonly selected: boolean;
}

/** One span: its name in the tree, its service, its bar. */
export function SpanRowView({ shown, place, window, timePx, selected }: SpanRowProps) {
  const { row, fits, expanded } = shown;
  return (
    <div
      id={`span-${row.index}`}
      role="row"
      class={`row s${row.look.colour} ${row.failed ? 'failed' : ''} ${fits ? '' : 'way'}`}
      style={{ top: `${place * rowPx}px` }}
      data-index={row.index}
      aria-level={row.depth + 1}
      aria-rowindex={place + 2}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={expanded}
      aria-selected={selected}
    >
      <NameCell shown={shown} />
      <div role="gridcell" class="service">
        <ServiceMark look={row.look} />
        <bdi>{printable(row.span.service)}</bdi>
      </div>
      <TimeCell shown={shown} window={window} timePx={timePx} />
    </div>
  );
}

function NameCell({ shown: { row, expanded } }: Pick<SpanRowProps, 'shown'>) {
  return (
    <div role="gridcell" class="names" style={{ '--indent': String(indentOf(row.depth)) }}>
      <span
        class={`toggle ${expanded === undefined ? '' : expanded ? 'open' : 'closed'}`}
        aria-hidden="true"
      />
      <ServiceMark look={row.look} />
      {row.orphan && (
        <span class="orphan" title="Its parent is not in this trace">
          ?
        </span>
      )}
      {row.failed && (
        <span class="failure" title="Failed">
          ✗
        </span>
      )}
      <bdi class="name" title={nameOf(row.span)}>
        {nameOf(row.span)}
      </bdi>
    </div>
  );
}

/** Steps of indentation: every level has one, deep levels have less. */
function indentOf(depth: number): number {
  const plain = 12;
  const most = 24;
  return Math.min(depth, plain) + Math.min(Math.max(0, depth - plain), most) / 4;
}

function TimeCell({
  shown: { row },
  window,
  timePx,
}: Pick<SpanRowProps, 'shown' | 'window' | 'timePx'>) {
  const lasting = lastingText(row.toNs - row.fromNs);
  const place = placeBar(row, window, timePx, textPx(lasting));
  const said = `from ${lastingText(row.fromNs)}, ${lasting} long${row.failed ? ', failed' : ''}`;
  return (
    <div role="gridcell" class="time" data-time aria-label={said}>
      <Bar place={place} lasting={lasting} />
    </div>
  );
}

function Bar({ place, lasting }: { readonly place: BarPlace; readonly lasting: string }) {
  if (place.kind !== 'drawn') {
    return <span class={`beyond ${place.kind}`}>{place.kind === 'before' ? '‹' : '›'}</span>;
  }
  return (
    <>
      <span
        class={place.instant ? 'instant' : 'bar'}
        style={{
          left: `min(${percent(place.from)}, 100% - 2px)`,
          width: percent(place.to - place.from),
        }}
      />
      <span
        class={`lasting ${place.label}`}
        style={{ '--from': percent(place.from), '--to': percent(place.to) }}
      >
        {lasting}
      </span>
    </>
  );
}
