import type { Geometry } from './geometry.ts';
import type { PageState } from './page-state.ts';
import { cellOf, type ShownCell, type ShownMap } from './shown-map.ts';

export interface CellColours {
  readonly heat: readonly string[];
  /** What can be told apart from each heat. */
  readonly ink: readonly string[];
  readonly bad: string;
  readonly line: string;
  readonly ground: string;
}

interface Painting {
  readonly shown: ShownMap;
  readonly state: PageState;
  readonly geometry: Geometry;
  readonly colours: CellColours;
}

/** Cells this large have a gap between them. */
const gapFromPx = 6;

/** Draws every cell: its heat, a stroke across where probes were lost, a cross where all were. */
export function paintCells(canvas: HTMLCanvasElement, painting: Painting): void {
  const { shown, state, geometry, colours } = painting;
  const side = geometry.cellX;
  const [columns, rows] = [shown.matrix.members.length, shown.rows.length];
  const ratio = Math.max(1, Math.min(devicePixelRatio, 4096 / Math.max(1, columns * side)));
  canvas.width = Math.round(columns * side * ratio);
  canvas.height = Math.round(rows * side * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, columns * side, rows * side);
  const filled = side >= gapFromPx ? side - 1 : side;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const cell = cellOf(shown, state, { row, column });
      if (cell === undefined) continue;
      context.save();
      context.translate(column * side, row * side);
      paintCell(context, cell, { filled, shown, colours });
      context.restore();
    }
  }
}

interface Brush {
  readonly filled: number;
  readonly shown: ShownMap;
  readonly colours: CellColours;
}

function paintCell(
  context: CanvasRenderingContext2D,
  { state, value }: ShownCell,
  { filled, shown, colours }: Brush,
): void {
  const heat = value === null ? undefined : shown.scale.heatOf(value);
  const fill = (colour: string | undefined) => {
    context.fillStyle = colour ?? colours.ground;
    context.fillRect(0, 0, filled, filled);
  };
  switch (state) {
    case 'own':
      fill(colours.line);
      break;
    case 'missing':
      break;
    case 'lost':
      fill(colours.bad);
      stroke(context, colours.ground, filled, true);
      break;
    case 'lossy':
      fill(colours.heat[heat ?? 0]);
      stroke(context, colours.ink[heat ?? 0] ?? colours.bad, filled, false);
      break;
    case 'sound':
      fill(heat === undefined ? colours.ground : colours.heat[heat]);
      break;
  }
}

function stroke(
  context: CanvasRenderingContext2D,
  colour: string,
  side: number,
  cross: boolean,
): void {
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, side / 8);
  context.beginPath();
  context.moveTo(0, side);
  context.lineTo(side, 0);
  if (cross) {
    context.moveTo(0, 0);
    context.lineTo(side, side);
  }
  context.stroke();
}
