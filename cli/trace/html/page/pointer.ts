/** What a pointer does; moments are fractions of the width of the time that is drawn. */
export interface PointerHandlers {
  readonly point: (
    pointer:
      | {
          readonly index: number | undefined;
          readonly at: number | undefined;
          readonly x: number;
          readonly y: number;
        }
      | undefined,
  ) => void;
  /** A stretch is being marked. */
  readonly mark: (from: number, to: number) => void;
  /** It is marked. */
  readonly marked: (from: number, to: number) => void;
  /** It is not to be marked after all. */
  readonly leave: () => void;
  /** The thumb was moved by a share of its track. */
  readonly slide: (share: number) => void;
  /** The axis was clicked twice. */
  readonly whole: () => void;
}

/** What began when the button went down, and where. */
interface Press {
  readonly kind: 'mark' | 'slide';
  readonly area: Element;
  readonly pointerId: number;
  readonly beginX: number;
  lastX: number;
  moved: boolean;
}

/** A pointer that moves less is clicking. */
const clickPx = 4;

/** Tells what a pointer does on elements that carry `data-time` or `data-index`, until the signal ends. */
export function listenToPointer(
  element: HTMLElement,
  signal: AbortSignal,
  handlers: PointerHandlers,
): void {
  let press: Press | undefined;
  element.addEventListener('pointerdown', (event) => (press = pressOf(event)), { signal });
  element.addEventListener(
    'pointermove',
    (event) => {
      if (press === undefined) handlers.point(pointed(event));
      else drag(event, press, element, handlers);
    },
    { signal },
  );
  element.addEventListener(
    'pointerup',
    (event) => {
      if (press?.moved === true && press.kind === 'mark') {
        handlers.marked(at(press.area, press.beginX), at(press.area, event.clientX));
        swallowClick();
      }
      press = undefined;
    },
    { signal },
  );
  const abandon = () => {
    press = undefined;
    handlers.leave();
    handlers.point(undefined);
  };
  element.addEventListener('pointercancel', abandon, { signal });
  element.addEventListener('pointerleave', () => press ?? handlers.point(undefined), { signal });
  element.addEventListener('scroll', () => handlers.point(undefined), { signal });
  addEventListener('keydown', abandon, { signal, capture: true });
  element.addEventListener(
    'dblclick',
    ({ target }) => {
      if (target instanceof Element && target.closest('.axis') !== null) handlers.whole();
    },
    { signal },
  );
}

function pressOf({
  target,
  button,
  pointerType,
  pointerId,
  clientX,
}: PointerEvent): Press | undefined {
  if (button !== 0 || !(target instanceof Element)) return undefined;
  const rest = { pointerId, beginX: clientX, lastX: clientX, moved: false };
  const track = target.closest('.thumb')?.parentElement;
  if (track !== null && track !== undefined) return { kind: 'slide', area: track, ...rest };
  const area = target.closest('[data-time]');
  // A finger that moves over the rows scrolls them.
  const scrolls = pointerType === 'touch' && target.closest('.axis') === null;
  return area === null || scrolls ? undefined : { kind: 'mark', area, ...rest };
}

function drag(
  event: PointerEvent,
  press: Press,
  element: HTMLElement,
  handlers: PointerHandlers,
): void {
  if (!press.moved && Math.abs(event.clientX - press.beginX) < clickPx) return;
  if (!press.moved) {
    press.moved = true;
    element.setPointerCapture(press.pointerId);
    handlers.point(undefined);
  }
  if (press.kind === 'slide') {
    handlers.slide((event.clientX - press.lastX) / press.area.getBoundingClientRect().width);
  } else {
    handlers.mark(at(press.area, press.beginX), at(press.area, event.clientX));
  }
  press.lastX = event.clientX;
}

/** The click that ends a marking is not one on what lies under it. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => event.stopPropagation();
  addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', swallow, { capture: true }));
}

function pointed({ target, clientX: x, clientY: y, pointerType }: PointerEvent) {
  if (!(target instanceof Element) || pointerType === 'touch') return undefined;
  const time = target.closest('[data-time]');
  const index = target.closest<HTMLElement>('[data-index]')?.dataset['index'];
  return {
    x,
    y,
    index: index === undefined ? undefined : Number(index),
    at: time === null ? undefined : at(time, x),
  };
}

function at(area: Element, x: number): number {
  const { left, width } = area.getBoundingClientRect();
  return width === 0 ? 0 : Math.min(1, Math.max(0, (x - left) / width));
}
