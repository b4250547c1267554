import { placeBar, type DrawnBar, type LabelPlace } from './bar-place.ts';
import type { Phase } from './phases.ts';
import type { TimeWindow } from './time-window.ts';

/** A phase as it is drawn: in a lane, counted from the top, with its label in or beside it. */
export interface PlacedPhase {
  readonly phase: Phase;
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  /** On the left it may stand before the window's begin: nothing else is there. */
  readonly label: LabelPlace;
}

/** A part of a lane, in pixels. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

const characterPx = 7.2;
const paddingPx = 16;
const gapPx = 6;
const narrowestPx = 4;

/** Room that a text takes, never less than it does. */
export function textPx(text: string): number {
  return Math.ceil(text.length * characterPx) + paddingPx;
}

/**
 * Lays out the phases that lie in the window so that no segment and no label covers another; a phase within a phase is
 * below it.
 */
export function placePhases(
  phases: readonly Phase[],
  labelOf: (phase: Phase) => string,
  window: TimeWindow,
  widthPx: number,
): PlacedPhase[] {
  const lanes: Stretch[][] = [];
  const laneOf = new Map<number, number>();
  return phases.flatMap((phase) => {
    const labelPx = textPx(labelOf(phase));
    const bar = placeBar(phase.row, window, widthPx, labelPx);
    if (bar.kind !== 'drawn') return [];
    const label = sideOf(bar, labelPx, widthPx);
    const above = laneOf.get(phase.row.parent) ?? -1;
    const lane = freeLane(lanes, above + 1, takenPx(bar, label, labelPx, widthPx));
    laneOf.set(phase.row.index, lane);
    return [{ phase, lane, from: bar.from, to: bar.to, label }];
  });
}

function sideOf({ from, to, label }: DrawnBar, labelPx: number, widthPx: number): LabelPlace {
  if ((to - from) * widthPx >= labelPx) return 'inside';
  return label === 'inside' ? 'left' : label;
}

function takenPx(
  { from, to }: DrawnBar,
  label: LabelPlace,
  labelPx: number,
  widthPx: number,
): Stretch {
  const [fromPx, toPx] = [from * widthPx, Math.max(to * widthPx, from * widthPx + narrowestPx)];
  return {
    from: fromPx - (label === 'left' ? labelPx : 0),
    to: toPx + (label === 'right' ? labelPx : 0) + gapPx,
  };
}

/** The first lane from `lowest` on in which the stretch is free; it is taken then. */
function freeLane(lanes: Stretch[][], lowest: number, stretch: Stretch): number {
  for (let lane = lowest; ; lane += 1) {
    const others = (lanes[lane] ??= []);
    if (others.every(({ from, to }) => stretch.to <= from || stretch.from >= to)) {
      others.push(stretch);
      return lane;
    }
  }
}
