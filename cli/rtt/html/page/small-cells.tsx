import { useLayoutEffect, useRef } from 'preact/hooks';
import { printable } from '../../../terminal/text.ts';
import { zoneName } from '../../zone-name.ts';
import { paintCells, type CellColours } from './paint-cells.ts';
import type { PageProps } from './page-props.ts';
import { heats } from './scale.ts';
import { cellOf } from './shown-map.ts';
import { everyPlace, zoneBands } from './zone-bands.ts';
import { saidOf } from './wording.ts';

/** All cells as one picture; the one that the keyboard is at is framed. */
export function SmallCells(props: PageProps) {
  const { state, shown, geometry } = props;
  const { headX, headY, cellX, cellY } = geometry;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rowsAre, theme, printing } = state;
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const paint = () =>
      paintCells(element, { shown, geometry, state, colours: coloursOf(element) });
    paint();
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', paint);
    return () => system.removeEventListener('change', paint);
  }, [shown, cellX, rowsAre, theme, printing]);
  const bands = zoneBands(shown.matrix, shown.rows);
  const { row, column } = state.selected;
  const cell = cellOf(shown, state, state.selected);
  return (
    <>
      <Palette />
      {headX > 0 &&
        bands.map(({ zone, from, count }) => (
          <span
            key={zone}
            class="zone side"
            title={printable(zoneName(zone))}
            style={{
              top: `${headY + from * cellY}px`,
              width: `${headX}px`,
              height: `${count * cellY}px`,
            }}
          >
            {printable(zoneName(zone))}
          </span>
        ))}
      <canvas
        ref={canvas}
        class="picture"
        aria-hidden="true"
        style={{
          left: `${headX}px`,
          top: `${headY}px`,
          width: `${everyPlace(shown.matrix).length * cellX}px`,
          height: `${shown.rows.length * cellY}px`,
        }}
      />
      {cell !== undefined && (
        <div role="row" aria-rowindex={row + 2} class="frame-row">
          <div
            id={`cell-${row}-${column}`}
            role="gridcell"
            aria-colindex={column + 2}
            aria-selected="true"
            aria-label={saidOf(cell)}
            class="frame"
            style={{
              left: `${headX + column * cellX}px`,
              top: `${headY + row * cellY}px`,
              width: `${cellX}px`,
              height: `${cellY}px`,
            }}
          />
        </div>
      )}
    </>
  );
}

/** Shows nothing; its styles are the colours of the theme, which a picture cannot name. */
function Palette() {
  return (
    <div hidden class="palette">
      {Array.from({ length: heats }, (_, heat) => (
        <span key={heat} class={`heat${heat}`} />
      ))}
    </div>
  );
}

function coloursOf(canvas: Element): CellColours {
  const palette = canvas.parentElement?.querySelector('.palette');
  if (palette === null || palette === undefined) throw new Error('expected a palette, found none');
  const own = getComputedStyle(palette);
  const styles = Array.from(palette.children, (child) => getComputedStyle(child));
  return {
    heat: styles.map(({ backgroundColor }) => backgroundColor),
    ink: styles.map(({ color }) => color),
    bad: own.color,
    line: own.borderTopColor,
    ground: own.backgroundColor,
  };
}
