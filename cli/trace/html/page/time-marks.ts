import { roundStep, timeUnit } from '../../axis.ts';
import { fractionOf, type TimeWindow } from './time-window.ts';

/** A round moment on the axis. */
export interface TimeMark {
  /** 0 at the window's begin, 1 at its end. */
  readonly at: number;
  readonly label: string;
}

/** Room that a mark and its label take. */
const markPx = 96;

/** Round marks (1, 2 or 5 times a power of ten apart) within a window that is drawn so many pixels wide. */
export function timeMarks(window: TimeWindow, widthPx: number): TimeMark[] {
  const { fromNs, toNs } = window;
  const stepNs = roundStep((toNs - fromNs) / Math.max(1, Math.floor(widthPx / markPx)));
  const unit = timeUnit(toNs, 'µ');
  const digits = Math.max(0, -Math.floor(Math.log10(stepNs / unit.ns) + 1e-9));
  const marks: TimeMark[] = [];
  for (let index = Math.ceil(fromNs / stepNs); index * stepNs <= toNs; index += 1) {
    const atNs = index * stepNs;
    const label = atNs === 0 ? '0' : `${(atNs / unit.ns).toFixed(digits)} ${unit.name}`;
    marks.push({ at: fractionOf(window, atNs), label });
  }
  return marks;
}
