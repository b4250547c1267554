import { useRef } from 'preact/hooks';
import { useGestures, type Marked, type Pointed } from './gestures.ts';
import { useMeasures, useReveal } from './measure.ts';
import type { PageProps } from './page-props.ts';
import { percent } from './percent.ts';
import { PhaseBand } from './phase-band.tsx';
import { rowPx } from './row-moves.ts';
import { visibleRange } from '../../../html/page/visible-range.ts';
import type { ShownRow } from './span-filter.ts';
import { SpanRowView } from './span-row.tsx';
import { TimeAxis } from './time-axis.tsx';
import { timeMarks, type TimeMark } from './time-marks.ts';
import { fractionOf, type TimeWindow } from './time-window.ts';
import { Tooltip } from './tooltip.tsx';
import { lastingText } from './wording.ts';

/** A longer trace is printed up to here. */
const mostPrinted = 2000;

/** The phases, the axis and the spans. */
export function Chart(props: PageProps) {
  const { state, shown, dispatch } = props;
  const chart = useRef<HTMLElement>(null);
  const { pointed, marked } = useGestures(chart, props);
  const marks = timeMarks(state.window, state.size.timePx);
  useMeasures(chart, dispatch);
  const place = shown.rows.findIndex(({ row }) => row.index === state.selected);
  useReveal(chart, state.reveals, place);
  const tree = {
    role: 'treegrid' as const,
    'aria-label': 'Spans',
    'aria-rowcount': shown.rows.length + 1,
    'aria-activedescendant': `span-${state.selected}`,
  };
  return (
    <section class="chart" ref={chart} style={{ '--band': `${state.size.bandPx}px` }}>
      <PhaseBand {...props} />
      <div id="tree" class="tree" tabIndex={0} {...tree}>
        <TimeAxis {...props} marks={marks} pointer={pointerMark(pointed, state.window)} />
        <div
          role="rowgroup"
          class="rows"
          style={{ height: `${printedRows(props).length * rowPx}px` }}
          onClick={(event) => click(event, props)}
          onDblClick={(event) => doubleClick(event, props)}
        >
          <Lines marks={marks} marked={marked} pointed={pointed} window={state.window} />
          <Rows {...props} place={place} />
        </div>
      </div>
      {shown.rows.length === 0 && <p class="nothing">No span fits the filter.</p>}
      {state.printing && shown.rows.length > mostPrinted && (
        <p class="nothing">{shown.rows.length - mostPrinted} further spans are not printed.</p>
      )}
      <Tooltip {...props} pointed={marked === undefined ? pointed : undefined} />
    </section>
  );
}

function printedRows({ state, shown }: PageProps): readonly ShownRow[] {
  return state.printing ? shown.rows.slice(0, mostPrinted) : shown.rows;
}

/** The rows in view; and the selected one wherever it is, because the focus is there. */
function Rows(props: PageProps & { readonly place: number }) {
  const { state, place } = props;
  const rows = printedRows(props);
  const { from, until } = state.printing
    ? { from: 0, until: rows.length }
    : visibleRange(rows.length, rowPx, state.size);
  const places = Array.from({ length: until - from }, (_, index) => from + index);
  const drawn = place < 0 || (place >= from && place < until) ? places : [...places, place];
  return drawn.map((index) => {
    const row = rows[index];
    return (
      row && (
        <SpanRowView
          key={row.row.index}
          shown={row}
          place={index}
          window={state.window}
          timePx={state.size.timePx}
          selected={row.row.index === state.selected}
        />
      )
    );
  });
}

interface LinesProps {
  readonly marks: readonly TimeMark[];
  readonly marked: Marked | undefined;
  readonly pointed: Pointed | undefined;
  readonly window: TimeWindow;
}

/** The lines of the marks behind the bars, the stretch that is being marked, and the line of the pointer. */
function Lines({ marks, marked, pointed, window }: LinesProps) {
  const begin = marked && fractionOf(window, Math.min(marked.fromNs, marked.toNs));
  const end = marked && fractionOf(window, Math.max(marked.fromNs, marked.toNs));
  return (
    <div class="lines" aria-hidden="true">
      {marks.map(({ at, label }) => (
        <span key={label} class="line" style={{ left: percent(at) }} />
      ))}
      {begin !== undefined && end !== undefined && (
        <span class="marked" style={{ left: percent(begin), width: percent(end - begin) }} />
      )}
      {pointed?.atNs !== undefined && (
        <span class="cross" style={{ left: percent(fractionOf(window, pointed.atNs)) }} />
      )}
    </div>
  );
}

function pointerMark(pointed: Pointed | undefined, window: TimeWindow): TimeMark | undefined {
  return pointed?.atNs === undefined
    ? undefined
    : { at: fractionOf(window, pointed.atNs), label: lastingText(pointed.atNs) };
}

function click({ target }: MouseEvent, { dispatch }: PageProps): void {
  const index = rowOf(target);
  if (index === undefined || !(target instanceof Element)) return;
  if (target.closest('.toggle.open, .toggle.closed') !== null) {
    dispatch({ kind: 'toggle-row', index });
  } else {
    dispatch({ kind: 'select', index, details: true });
  }
}

function doubleClick({ target }: MouseEvent, { dispatch }: PageProps): void {
  const index = rowOf(target);
  if (index !== undefined && target instanceof Element && target.closest('.toggle') === null) {
    dispatch({ kind: 'zoom-to-row', index });
  }
}

function rowOf(target: EventTarget | null): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row === null ? undefined : Number(row.dataset['index']);
}
