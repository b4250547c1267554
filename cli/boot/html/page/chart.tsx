import { useRef } from 'preact/hooks';
import { percent } from '../../../trace/html/page/percent.ts';
import { timeMarks } from '../../../trace/html/page/time-marks.ts';
import { BootRowView } from './boot-row.tsx';
import { useReveal, useTimeWidth, useWheel } from './chart-effects.ts';
import type { PageProps } from './page-props.ts';

/** The axis of time, and below it events and what took time. */
export function Chart(props: PageProps) {
  const { data, rows, state, dispatch } = props;
  const chart = useRef<HTMLElement>(null);
  const marks = timeMarks(state.window, state.timePx);
  useTimeWidth(chart, dispatch);
  useReveal(chart, state);
  useWheel(chart, props);
  const begins = rows.findIndex(({ kind }) => kind === 'span');
  return (
    <section class="chart" ref={chart}>
      <div
        id="rows"
        class="grid"
        role="grid"
        tabIndex={0}
        aria-label="Events, and what took time"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={`row-${state.selected}`}
        onMouseLeave={() => dispatch({ kind: 'tip-away' })}
      >
        <div class="heads" role="row" aria-rowindex={1}>
          <div role="columnheader">Event</div>
          <div role="columnheader" class="told">
            T
          </div>
          <div role="columnheader" class="axis" aria-label="Time">
            {marks.map(({ at, label }) => (
              <span
                key={label}
                class={at > 0.93 ? 'tick last' : 'tick'}
                style={{ left: percent(at) }}
              >
                {label}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup">
          {rows.map((row, place) => (
            <BootRowView
              key={place}
              {...props}
              row={row}
              place={place}
              marks={marks}
              begins={place === begins && place > 0}
            />
          ))}
        </div>
      </div>
      {rows.length === 0 && (
        <p class="nothing">
          {data.rows.length === 0 ? 'Nothing is told of this boot.' : 'No row fits the filter.'}
        </p>
      )}
      {data.leftOut > 0 && <p class="nothing">{data.leftOut} further events are not drawn.</p>}
    </section>
  );
}
