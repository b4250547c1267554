import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import type { PageProps } from './page-props.ts';
import { rowPx } from './row-moves.ts';

/** The parts of the chart that are measured. */
interface Parts {
  /** What is scrolled. */
  readonly chart: HTMLElement;
  readonly heads: HTMLElement;
  readonly axis: Element;
  readonly rows: HTMLElement;
}

function partsOf(chart: HTMLElement | null): Parts | undefined {
  const heads = chart?.querySelector<HTMLElement>('.heads') ?? null;
  const axis = chart?.querySelector('.axis') ?? null;
  const rows = chart?.querySelector<HTMLElement>('.rows') ?? null;
  return chart === null || heads === null || axis === null || rows === null
    ? undefined
    : { chart, heads, axis, rows };
}

/** Height of what stays above the rows however far they are scrolled. */
function stuckPx({ heads }: Parts): number {
  return (Number.parseFloat(getComputedStyle(heads).top) || 0) + heads.offsetHeight;
}

/** Tells the page's state how large the chart is and how far its rows are scrolled. */
export function useMeasures(
  chart: RefObject<HTMLElement | null>,
  dispatch: PageProps['dispatch'],
): void {
  useLayoutEffect(() => {
    const parts = partsOf(chart.current);
    if (parts === undefined) return undefined;
    const band = parts.chart.querySelector<HTMLElement>('.phases');
    const scroll = () => {
      const away = parts.rows.offsetTop - stuckPx(parts);
      const scrolledPx = Math.max(0, parts.chart.scrollTop - away);
      dispatch({ kind: 'size', size: { scrolledPx } });
    };
    const measure = () => {
      const [timePx, viewPx] = [parts.axis.clientWidth, parts.chart.clientHeight];
      dispatch({ kind: 'size', size: { timePx, viewPx, bandPx: band?.offsetHeight ?? 0 } });
      scroll();
    };
    const observer = new ResizeObserver(measure);
    for (const part of [parts.chart, parts.axis, band]) if (part !== null) observer.observe(part);
    parts.chart.addEventListener('scroll', scroll, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      parts.chart.removeEventListener('scroll', scroll);
    };
  }, []);
}

/** Scrolls the selected row into view whenever the state asks for it. */
export function useReveal(
  chart: RefObject<HTMLElement | null>,
  reveals: number,
  place: number,
): void {
  useLayoutEffect(() => {
    const parts = partsOf(chart.current);
    if (parts === undefined || place < 0) return;
    const top = parts.rows.offsetTop + place * rowPx;
    const highest = top - stuckPx(parts);
    const lowest = top + rowPx - parts.chart.clientHeight;
    if (parts.chart.scrollTop > highest) parts.chart.scrollTop = highest;
    else if (parts.chart.scrollTop < lowest) parts.chart.scrollTop = lowest;
  }, [reveals]);
}
