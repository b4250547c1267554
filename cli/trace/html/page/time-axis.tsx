import type { PageProps } from './page-props.ts';
import { percent } from './percent.ts';
import { isFiltering, noFilter } from './span-filter.ts';
import { fractionOf, isWhole } from './time-window.ts';
import type { TimeMark } from './time-marks.ts';

interface TimeAxisProps extends PageProps {
  readonly marks: readonly TimeMark[];
  /** Where the pointer is, and what it says. */
  readonly pointer: TimeMark | undefined;
}

/** The heads of the columns; that of the time is its axis. */
export function TimeAxis({ marks, pointer, ...props }: TimeAxisProps) {
  const { model, state } = props;
  return (
    <div class="heads" role="row" aria-rowindex={1}>
      <div class="names" role="columnheader">
        Span <Fitting {...props} />
      </div>
      <div class="service" role="columnheader">
        Service
      </div>
      <div class="axis" role="columnheader" aria-label="Time" data-time>
        <div class="track" aria-hidden="true">
          <Thumb model={model} state={state} />
        </div>
        {marks.map(({ at, label }) => (
          <span key={label} class={at > 0.93 ? 'tick last' : 'tick'} style={{ left: percent(at) }}>
            {label}
          </span>
        ))}
        {pointer !== undefined && (
          <span
            class={pointer.at > 0.5 ? 'pointed before' : 'pointed'}
            style={{ left: percent(pointer.at) }}
            aria-hidden="true"
          >
            {pointer.label}
          </span>
        )}
      </div>
    </div>
  );
}

/** How many spans fit the filter, and the way out of it. */
function Fitting({ model, state, shown, dispatch }: PageProps) {
  if (!isFiltering(state.filter)) return null;
  return (
    <>
      <span class="fitting">
        {shown.fitting} of {model.rows.length}
      </span>
      <button
        type="button"
        class="link"
        onClick={() => dispatch({ kind: 'filter', filter: noFilter })}
      >
        Clear
      </button>
    </>
  );
}

/** Which part of the whole trace the window is; dragged, it moves the window. */
function Thumb({ model, state }: Pick<PageProps, 'model' | 'state'>) {
  if (isWhole(state.window, model.lengthNs)) return null;
  const whole = { fromNs: 0, toNs: model.lengthNs };
  const from = fractionOf(whole, state.window.fromNs);
  const to = fractionOf(whole, state.window.toNs);
  return <div class="thumb" style={{ left: percent(from), width: percent(to - from) }} />;
}
