/** What of a long list is in view along one axis. */
export interface View {
  readonly scrolledPx: number;
  readonly viewPx: number;
}

/**
 * The items that are drawn: those in view and some beyond each edge, so that a quick scroll does not show an empty stretch;
 * `until` is behind the last.
 */
export function visibleRange(
  items: number,
  itemPx: number,
  { scrolledPx, viewPx }: View,
  beyond = 12,
): { readonly from: number; readonly until: number } {
  const first = Math.floor(scrolledPx / itemPx);
  const from = Math.min(Math.max(0, first - beyond), items);
  const until = Math.min(items, Math.ceil((scrolledPx + viewPx) / itemPx) + beyond);
  return { from, until: Math.max(from, until) };
}
