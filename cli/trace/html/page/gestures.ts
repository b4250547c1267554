import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { PageProps } from './page-props.ts';
import { listenToPointer } from './pointer.ts';
import { fractionOf, isWhole, momentAt, wholeTrace } from './time-window.ts';

/** Where the pointer is. */
export interface Pointed {
  /** Row of the span under it. */
  readonly index: number | undefined;
  /** Moment under it. */
  readonly atNs: number | undefined;
  /** In pixels of the browser's window. */
  readonly x: number;
  readonly y: number;
}

/** A stretch of time that is being marked. */
export interface Marked {
  readonly fromNs: number;
  readonly toNs: number;
}

const wheelPower = 0.002;
const panPower = 0.001;

type GestureProps = Pick<PageProps, 'model' | 'state' | 'dispatch'>;

/**
 * Marking a stretch of the axis or of the bars zooms to it; the thumb moves the window, and so does the wheel sideways;
 * the wheel on the axis, or with Ctrl, zooms.
 */
export function useGestures(
  chart: RefObject<HTMLElement | null>,
  props: GestureProps,
): { readonly pointed: Pointed | undefined; readonly marked: Marked | undefined } {
  const [pointed, setPointed] = useState<Pointed>();
  const [marked, setMarked] = useState<Marked>();
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => {
    const element = chart.current;
    if (element === null) return undefined;
    const listening = new AbortController();
    const { signal } = listening;
    const window = () => latest.current.state.window;
    listenToPointer(element, signal, {
      point: (pointer) =>
        setPointed(pointer && { ...pointer, atNs: momentOf(pointer.at, window()) }),
      mark: (from, to) =>
        setMarked({ fromNs: momentAt(window(), from), toNs: momentAt(window(), to) }),
      marked: (from, to) => {
        setMarked(undefined);
        const [fromNs, toNs] = [momentAt(window(), from), momentAt(window(), to)];
        latest.current.dispatch({ kind: 'window', fromNs, toNs });
      },
      leave: () => setMarked(undefined),
      slide: (share) => {
        const { model, state, dispatch } = latest.current;
        const whole = wholeTrace(model.lengthNs);
        const part = fractionOf(whole, state.window.toNs) - fractionOf(whole, state.window.fromNs);
        dispatch({ kind: 'pan', share: share / part });
      },
      whole: () => latest.current.dispatch({ kind: 'whole' }),
    });
    element.addEventListener('wheel', (event) => turn(event, latest.current), {
      passive: false,
      signal,
    });
    return () => listening.abort();
  }, []);
  return { pointed, marked };
}

function momentOf(at: number | undefined, window: { fromNs: number; toNs: number }) {
  return at === undefined ? undefined : momentAt(window, at);
}

function turn(event: WheelEvent, { model, state, dispatch }: GestureProps): void {
  const time = event.target instanceof Element ? event.target.closest('[data-time]') : null;
  const onAxis = time?.closest('.heads, .phases') !== null && time !== null;
  const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
  if (time !== null && (event.ctrlKey || event.metaKey || (onAxis && sideways === 0))) {
    event.preventDefault();
    const { left, width } = time.getBoundingClientRect();
    const aroundNs = momentAt(state.window, (event.clientX - left) / width);
    dispatch({ kind: 'zoom', factor: Math.exp(event.deltaY * wheelPower), aroundNs });
  } else if (sideways !== 0 && !isWhole(state.window, model.lengthNs)) {
    event.preventDefault();
    dispatch({ kind: 'pan', share: sideways * panPower });
  }
}
