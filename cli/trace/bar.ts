import type { Glyphs } from '../terminal/glyphs.ts';

/** Where a span lies in its trace, as fractions of the trace's length; both within 0 and 1. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** A drawn bar: empty cells before it, its own characters, empty cells behind. Never without a character. */
export interface Bar {
  readonly before: number;
  readonly text: string;
  readonly after: number;
}

/** Draws an extent into cells, half a cell at a time. */
export function drawBar(extent: Extent, cells: number, glyphs: Glyphs): Bar {
  if (extent.to <= extent.from) {
    const before = Math.min(cells - 1, Math.floor(extent.from * cells));
    return { before, text: glyphs.instant, after: cells - before - 1 };
  }
  const halves = cells * 2;
  const from = Math.min(halves - 1, Math.floor(extent.from * halves));
  const to = Math.min(halves, Math.max(from + 1, Math.round(extent.to * halves)));
  const before = Math.floor(from / 2);
  const end = Math.ceil(to / 2);
  const text = Array.from({ length: end - before }, (_, index) => {
    const left = (before + index) * 2;
    if (left < from) {
      return glyphs.barBegin;
    }
    return left + 1 < to ? glyphs.bar : glyphs.barEnd;
  }).join('');
  return { before, text, after: cells - end };
}
