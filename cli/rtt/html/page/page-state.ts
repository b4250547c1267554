import type { Theme } from '../../../html/page/theme.ts';
import type { Matrix } from '../../matrix.ts';
import type { Measure } from './measure.ts';
import { matrixOf, type MeshModel } from './mesh-model.ts';

/** A cell by its place among those that are drawn. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** A point of the browser's window, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What the browser measured of the map, in pixels. */
export interface MapSize {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly leftPx: number;
  readonly topPx: number;
}

/** All that decides what the page shows. */
export interface PageState {
  readonly of: Matrix['of'];
  readonly measure: Measure;
  /** Whether a row's cells are of the probes from its node, or of those to it. */
  readonly rowsAre: 'from' | 'to';
  /** Words that must all occur in the name or the zone of a row's node. */
  readonly filter: string;
  /** Cells without numbers, so small that all are in view where they can be. */
  readonly small: boolean;
  readonly selected: Place;
  /** Raised when the selected cell is to be scrolled into view. */
  readonly reveals: number;
  /** The cell that is told about, beside a point; undefined: none. */
  readonly tip: (Place & Point) | undefined;
  readonly theme: Theme;
  readonly help: boolean;
  readonly printing: boolean;
  /** What is told to who listens rather than looks. */
  readonly notice: string;
  readonly size: MapSize;
}

/** More are drawn small at first. */
const mostLarge = 30;

export function firstState(model: MeshModel): PageState {
  const { of, members } = matrixOf(model, 'node');
  return {
    of,
    measure: 'mean',
    rowsAre: 'from',
    filter: '',
    small: members.length > mostLarge,
    selected: { row: 0, column: 0 },
    reveals: 0,
    tip: undefined,
    theme: undefined,
    help: false,
    printing: false,
    notice: '',
    size: { widthPx: 900, heightPx: 600, leftPx: 0, topPx: 0 },
  };
}
