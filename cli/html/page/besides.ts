const roomPx = { x: 380, y: 200 };
const awayPx = 16;

/** Where a tooltip stands, so that it is in the window and not under the pointer. */
export function besides({ x, y }: { readonly x: number; readonly y: number }): {
  readonly left: string;
  readonly top?: string;
  readonly bottom?: string;
} {
  const left = `${Math.max(0, Math.min(x + awayPx, innerWidth - roomPx.x))}px`;
  return y + awayPx + roomPx.y < innerHeight
    ? { left, top: `${y + awayPx}px` }
    : { left, bottom: `${innerHeight - y + awayPx}px` };
}
