import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PageProps } from './page-props.ts';

/** Tells the page's state how large the map is and how far it is scrolled. */
export function useMeasures(
  map: RefObject<HTMLElement | null>,
  dispatch: PageProps['dispatch'],
): void {
  useLayoutEffect(() => {
    const element = map.current;
    if (element === null) return undefined;
    const scroll = () =>
      dispatch({
        kind: 'size',
        size: { leftPx: element.scrollLeft, topPx: element.scrollTop },
      });
    const measure = () => {
      const [widthPx, heightPx] = [element.clientWidth, element.clientHeight];
      dispatch({ kind: 'size', size: { widthPx, heightPx } });
      scroll();
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', scroll, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scroll);
    };
  }, []);
}

/** Scrolls the selected cell into view whenever the state asks for it, and then tells about it. */
export function useReveal(map: RefObject<HTMLElement | null>, props: PageProps): void {
  const { state, geometry, dispatch } = props;
  const { selected, reveals } = state;
  const shown = useRef(reveals);
  useLayoutEffect(() => {
    const element = map.current;
    if (element === null || shown.current === reveals) return;
    shown.current = reveals;
    const { headX, headY, cellX, cellY } = geometry;
    const [x, y] = [selected.column * cellX, selected.row * cellY];
    const inView = (from: number, size: number, at: number, view: number) =>
      Math.min(from, Math.max(from + size - view, at));
    element.scrollLeft = inView(x, cellX, element.scrollLeft, element.clientWidth - headX);
    element.scrollTop = inView(y, cellY, element.scrollTop, element.clientHeight - headY);
    const { left, top } = element.getBoundingClientRect();
    const at = {
      x: left + headX + x + cellX - element.scrollLeft,
      y: top + headY + y + cellY - element.scrollTop,
    };
    if (document.activeElement === element) dispatch({ kind: 'tip', place: selected, at });
  }, [reveals, geometry]);
}
