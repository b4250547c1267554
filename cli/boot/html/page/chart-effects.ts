import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { momentAt } from '../../../trace/html/page/time-window.ts';
import type { PageProps } from './page-props.ts';
import type { PageState } from './page-state.ts';

type Chart = RefObject<HTMLElement | null>;

/** Tells the page's state how wide the axis is. */
export function useTimeWidth(chart: Chart, dispatch: PageProps['dispatch']): void {
  useLayoutEffect(() => {
    const axis = chart.current?.querySelector('.axis');
    if (axis === null || axis === undefined) return undefined;
    const measure = () => dispatch({ kind: 'time-width', timePx: axis.clientWidth });
    const observer = new ResizeObserver(measure);
    observer.observe(axis);
    measure();
    return () => observer.disconnect();
  }, []);
}

/** Scrolls the selected row into view whenever the state asks for it. */
export function useReveal(chart: Chart, { reveals, selected }: PageState): void {
  const shown = useRef(reveals);
  useLayoutEffect(() => {
    if (shown.current === reveals) return;
    shown.current = reveals;
    chart.current?.querySelector(`#row-${selected}`)?.scrollIntoView({ block: 'nearest' });
  }, [reveals]);
}

const wheelFactor = 1.2;

/** With Ctrl the wheel zooms around the pointer, as it does elsewhere. */
export function useWheel(chart: Chart, { state, dispatch }: PageProps): void {
  const { window } = state;
  useLayoutEffect(() => {
    const element = chart.current;
    if (element === null) return undefined;
    const wheel = (event: WheelEvent): void => {
      const axis = element.querySelector('.axis')?.getBoundingClientRect();
      if (!event.ctrlKey || axis === undefined || event.clientX < axis.left) return;
      event.preventDefault();
      const aroundNs = momentAt(window, (event.clientX - axis.left) / axis.width);
      const factor = event.deltaY > 0 ? wheelFactor : 1 / wheelFactor;
      dispatch({ kind: 'zoom', factor, aroundNs });
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [window]);
}
