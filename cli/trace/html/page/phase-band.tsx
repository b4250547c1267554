import type { PageProps } from './page-props.ts';
import { placePhases, type PlacedPhase } from './phase-lanes.ts';
import type { Phase } from './phases.ts';
import { wholeTrace } from './time-window.ts';
import { lastingText } from './wording.ts';
import { printable } from '../../../terminal/text.ts';
import { percent } from './percent.ts';

/** The phases of the pod's life, above the spans and on their axis. */
export function PhaseBand({ model, phases, state, dispatch }: PageProps) {
  if (phases.length === 0) return null;
  const { window, size } = state;
  const placed = placePhases(phases, labelOf, window, size.timePx);
  // As high as for the whole trace: what is below does not move when one zooms.
  const whole = placePhases(phases, labelOf, wholeTrace(model.lengthNs), size.timePx);
  const lanes = [...placed, ...whole].reduce((most, { lane }) => Math.max(most, lane + 1), 1);
  return (
    <section class="phases" aria-label="Phases">
      <h2>Phases</h2>
      <ol class="lanes" data-time style={{ '--lanes': String(lanes) }}>
        {placed.map((each) => (
          <Segment
            key={each.phase.row.index}
            placed={each}
            selected={each.phase.row.index === state.selected}
            onSelect={(index) => dispatch({ kind: 'select', index, details: true })}
            onZoom={(index) => dispatch({ kind: 'zoom-to-row', index })}
          />
        ))}
      </ol>
    </section>
  );
}

interface SegmentProps {
  readonly placed: PlacedPhase;
  readonly selected: boolean;
  readonly onSelect: (index: number) => void;
  readonly onZoom: (index: number) => void;
}

function Segment({ placed, selected, onSelect, onZoom }: SegmentProps) {
  const { phase, lane, from, to, label } = placed;
  const { row } = phase;
  const tone = row.failed ? 'failed' : '';
  return (
    <li
      class={`segment ${label} ${tone} level${phase.level}`}
      style={{
        '--lane': String(lane),
        left: `min(${percent(from)}, 100% - 4px)`,
        width: percent(to - from),
      }}
    >
      <button
        type="button"
        class={`s${row.look.colour}`}
        data-index={row.index}
        aria-current={selected}
        onClick={() => onSelect(row.index)}
        onDblClick={() => onZoom(row.index)}
      >
        <span class="fill" />
        <span class="label">{labelOf(phase)}</span>
      </button>
    </li>
  );
}

function labelOf({ row, name }: Phase): string {
  const lastingNs = row.toNs - row.fromNs;
  const told = lastingNs > 0 ? ` ${lastingText(lastingNs)}` : '';
  return `${row.failed ? '✗ ' : ''}${printable(name)}${told}`;
}
