import { fractionOf, type TimeWindow } from './time-window.ts';

/** Where a span's bar stands in the drawn window, as fractions of its width. */
export type BarPlace = DrawnBar | { readonly kind: 'before' } | { readonly kind: 'after' };

export interface DrawnBar {
  readonly kind: 'drawn';
  readonly from: number;
  readonly to: number;
  /** The span has no length: it is drawn as a mark. */
  readonly instant: boolean;
  readonly label: LabelPlace;
}

/** On which side of the bar its label is: `inside` where neither side has room. */
export type LabelPlace = 'right' | 'left' | 'inside';

const gapPx = 6;

/** Places the bar of a span and its label in a window that is drawn so many pixels wide. */
export function placeBar(
  { fromNs, toNs }: { readonly fromNs: number; readonly toNs: number },
  window: TimeWindow,
  widthPx: number,
  labelPx: number,
): BarPlace {
  if (toNs < window.fromNs) return { kind: 'before' };
  if (fromNs > window.toNs) return { kind: 'after' };
  const from = Math.max(0, fractionOf(window, fromNs));
  const to = Math.min(1, fractionOf(window, toNs));
  const roomPx = labelPx + gapPx;
  const label =
    (1 - to) * widthPx >= roomPx ? 'right' : from * widthPx >= roomPx ? 'left' : 'inside';
  return { kind: 'drawn', from, to, instant: toNs <= fromNs, label };
}
