import type { PageState } from './page-state.ts';
import type { ShownMap } from './shown-map.ts';
import { zoneBands } from './zone-bands.ts';

/** Where the map's parts are, in pixels. */
export interface Geometry {
  /** Cells have no numbers and rows and columns no names. */
  readonly small: boolean;
  /** What stands left of the cells and above them. */
  readonly headX: number;
  readonly headY: number;
  readonly cellX: number;
  readonly cellY: number;
}

const large = { cellX: 58, cellY: 26 };
const smallest = 3;
const mostSmall = 14;
/** More large cells than these are wider than paper. */
const mostPrinted = 12;
const narrowPx = 640;
/** Zones have a strip of their own where there is more than one. */
const zoneX = 84;
const zoneY = 22;
const nameX = { wide: 150, narrow: 92 };
const nameY = 104;

/** Large cells have numbers and names; small ones take what room there is. */
export function geometryOf({ matrix, rows }: ShownMap, state: PageState): Geometry {
  const { size } = state;
  const small = state.small || (state.printing && matrix.members.length > mostPrinted);
  const zoned = zoneBands(matrix, rows).length > 1;
  const narrow = size.widthPx < narrowPx;
  const zones = { x: zoned && !narrow ? zoneX : 0, y: zoned ? zoneY : 0 };
  if (!small) {
    const headX = zones.x + (narrow ? nameX.narrow : nameX.wide);
    return { small, ...large, headX, headY: zones.y + nameY };
  }
  const roomX = (size.widthPx - zones.x) / Math.max(1, matrix.members.length);
  const roomY = (size.heightPx - zones.y) / Math.max(1, rows.length);
  const cell = Math.floor(Math.min(roomX, roomY));
  const side = Math.min(mostSmall, Math.max(smallest, cell));
  return { small, headX: zones.x, headY: zones.y, cellX: side, cellY: side };
}
