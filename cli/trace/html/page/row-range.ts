/** Rows drawn beyond each edge, so that a quick scroll does not show an empty stretch. */
const beyond = 12;

/** The rows that are drawn: those in view and some beyond; `until` is behind the last. */
export function rowRange(
  rows: number,
  rowPx: number,
  view: { readonly scrolledPx: number; readonly viewPx: number },
): { readonly from: number; readonly until: number } {
  const first = Math.floor(view.scrolledPx / rowPx);
  const from = Math.min(Math.max(0, first - beyond), rows);
  const until = Math.min(rows, Math.ceil((view.scrolledPx + view.viewPx) / rowPx) + beyond);
  return { from, until: Math.max(from, until) };
}
