import { printable } from '../../../terminal/text.ts';
import { percent } from '../../../trace/html/page/percent.ts';
import type { TimeMark } from '../../../trace/html/page/time-marks.ts';
import { fractionOf, type TimeWindow } from '../../../trace/html/page/time-window.ts';
import type { BootRow } from './boot-data.ts';
import type { PageProps } from './page-props.ts';

interface RowProps extends Pick<PageProps, 'state' | 'dispatch'> {
  readonly row: BootRow;
  /** Place among the rows that are shown. */
  readonly place: number;
  readonly marks: readonly TimeMark[];
  /** It is the first of what took time. */
  readonly begins: boolean;
}

/** One event, or one thing that took time. */
export function BootRowView({ row, place, marks, begins, state, dispatch }: RowProps) {
  const { kind, name, told, depth, waited, terminal, afterEnd, failure } = row;
  const looks = [
    'row',
    kind,
    ...(begins ? ['begins'] : []),
    ...(terminal ? ['terminal'] : []),
    ...(afterEnd ? ['after'] : []),
    ...(waited === '' ? [] : ['critical']),
    ...(failure === '' ? [] : ['failed']),
  ];
  const comment = row.details.find(([key]) => key === 'comment')?.[1];
  return (
    <div
      id={`row-${place}`}
      role="row"
      class={looks.join(' ')}
      aria-rowindex={place + 2}
      aria-selected={place === state.selected}
      onClick={() => dispatch({ kind: 'select', place })}
      onDblClick={() => {
        dispatch({ kind: 'select', place });
        dispatch({ kind: 'zoom-to-row' });
      }}
      onMouseMove={({ clientX: x, clientY: y }) => dispatch({ kind: 'tip', tip: { place, x, y } })}
    >
      <div role="gridcell" class="names" style={{ '--indent': String(depth) }}>
        {failure !== '' && (
          <span class="failure" title="Failed">
            ✗
          </span>
        )}
        <bdi class="name">{printable(name)}</bdi>
        {state.comments && comment !== undefined && <bdi class="comment">{printable(comment)}</bdi>}
      </div>
      <div role="gridcell" class="told">
        {told}
      </div>
      <div role="gridcell" class="time" aria-label={saidOf(row)}>
        <span class="lines" aria-hidden="true">
          {marks.map(({ at, label }) => (
            <span key={label} class="line" style={{ left: percent(at) }} />
          ))}
        </span>
        <Mark row={row} window={state.window} />
      </div>
    </div>
  );
}

function saidOf({ kind, told, waited, terminal, failure }: BootRow): string {
  return [
    kind === 'event' ? `after ${told}` : `${told} long`,
    ...(terminal ? ['ends the boot'] : []),
    ...(waited === '' ? [] : [`the end waited ${waited} for it`]),
    ...(failure === '' ? [] : ['failed']),
  ].join(', ');
}

/** A bar, or the mark of an instant with the stretch in which it may have been. */
function Mark({ row, window }: { readonly row: BootRow; readonly window: TimeWindow }) {
  const { kind, fromNs, toNs, precisionNs } = row;
  if (toNs < window.fromNs) return <span class="beyond before">‹</span>;
  if (fromNs > window.toNs) return <span class="beyond after-end">›</span>;
  const within = (ns: number): number => Math.min(1, Math.max(0, fractionOf(window, ns)));
  const [from, to, until] = [within(fromNs), within(toNs), within(fromNs + precisionNs)];
  if (kind === 'span')
    return (
      <span
        class="bar"
        style={{ left: `min(${percent(from)}, 100% - 3px)`, width: percent(to - from) }}
      />
    );
  return (
    <>
      <span class="unsure" style={{ left: percent(from), width: percent(until - from) }} />
      <span class="instant" style={{ left: `min(${percent(from)}, 100% - 3px)` }} />
    </>
  );
}
