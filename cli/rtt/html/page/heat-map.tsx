import { useRef } from 'preact/hooks';
import { LargeCells } from './large-cells.tsx';
import { ColumnHeads } from './column-heads.tsx';
import { useMeasures, useReveal } from './map-effects.ts';
import type { PageProps } from './page-props.ts';
import { SmallCells } from './small-cells.tsx';
import type { Place } from './page-state.ts';

/** The matrix as coloured cells that can be scrolled, pointed at and walked over with keys. */
export function HeatMap(props: PageProps) {
  const { state, shown, geometry, dispatch } = props;
  const { headX, headY, cellX, cellY } = geometry;
  const map = useRef<HTMLElement>(null);
  useMeasures(map, dispatch);
  useReveal(map, props);
  const [rows, columns] = [shown.rows.length, shown.matrix.members.length];
  const { row, column } = state.selected;
  const grid = {
    role: 'grid' as const,
    'aria-label': `Round trips by ${shown.matrix.of}`,
    'aria-rowcount': rows + 1,
    'aria-colcount': columns + 1,
    'aria-activedescendant': `cell-${row}-${column}`,
  };
  return (
    <section
      id="map"
      class={`map ${geometry.small ? 'small' : 'large'}`}
      ref={map}
      tabIndex={0}
      {...grid}
      onPointerMove={(event) => point(event, props)}
      onPointerLeave={() => dispatch({ kind: 'tip-away' })}
      onBlur={() => dispatch({ kind: 'tip-away' })}
      onClick={(event) => click(event, props)}
    >
      <div
        class="plane"
        style={{ width: `${headX + columns * cellX}px`, height: `${headY + rows * cellY}px` }}
      >
        <ColumnHeads {...props} />
        {geometry.small ? <SmallCells {...props} /> : <LargeCells {...props} />}
      </div>
      {rows === 0 && <p class="nothing">No row fits the filter.</p>}
    </section>
  );
}

function point(event: PointerEvent, props: PageProps): void {
  const place = event.pointerType === 'touch' ? undefined : placeAt(event, props);
  props.dispatch(
    place === undefined
      ? { kind: 'tip-away' }
      : { kind: 'tip', place, at: { x: event.clientX, y: event.clientY } },
  );
}

function click(event: MouseEvent, props: PageProps): void {
  const place = placeAt(event, props);
  if (place !== undefined) props.dispatch({ kind: 'select', place });
}

/** The cell under a pointer; undefined over heads and beside the cells. */
function placeAt(
  { currentTarget, clientX, clientY }: MouseEvent,
  { shown, geometry }: PageProps,
): Place | undefined {
  if (!(currentTarget instanceof HTMLElement)) return undefined;
  const { left, top } = currentTarget.getBoundingClientRect();
  const [x, y] = [clientX - left - geometry.headX, clientY - top - geometry.headY];
  const row = Math.floor((y + currentTarget.scrollTop) / geometry.cellY);
  const column = Math.floor((x + currentTarget.scrollLeft) / geometry.cellX);
  const within = x >= 0 && y >= 0 && row < shown.rows.length;
  return within && column < shown.matrix.members.length ? { row, column } : undefined;
}
