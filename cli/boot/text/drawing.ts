import type { Glyphs } from '../../terminal/glyphs.ts';
import type { Paint } from '../../terminal/paint.ts';

/** What all parts of the picture have in common. */
export interface BootDrawing {
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly paint: Paint;
  readonly comments: boolean;
}
