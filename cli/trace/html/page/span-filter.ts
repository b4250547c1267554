import type { SpanRow } from './trace-model.ts';

/** Which spans are asked for. */
export interface SpanFilter {
  /** Words that must all occur in a span's name, service, id, status, attributes or events; case does not matter. */
  readonly text: string;
  /** Services not to show. */
  readonly hidden: ReadonlySet<string>;
  readonly failedOnly: boolean;
}

/** A row that is shown: because it fits the filter, or as the way to one that does. */
export interface ShownRow {
  readonly row: SpanRow;
  readonly fits: boolean;
  /** Whether the rows below it are shown; undefined where there are none to show. */
  readonly expanded: boolean | undefined;
}

export const noFilter: SpanFilter = { text: '', hidden: new Set(), failedOnly: false };

export function isFiltering({ text, hidden, failedOnly }: SpanFilter): boolean {
  return text.trim() !== '' || hidden.size > 0 || failedOnly;
}

/** For each row, whether it fits the filter. */
export function fittingRows(rows: readonly SpanRow[], filter: SpanFilter): boolean[] {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.map(
    (row) =>
      !filter.hidden.has(row.span.service) &&
      (!filter.failedOnly || row.failed) &&
      words.every((word) => searchText(row).includes(word)),
  );
}

/** The rows to draw, in order: those that fit, what they hang on, and nothing below a collapsed one. */
export function shownRows(
  rows: readonly SpanRow[],
  fits: readonly boolean[],
  collapsed: ReadonlySet<number>,
): ShownRow[] {
  const { kept, parents } = keptRows(rows, fits);
  const shown: ShownRow[] = [];
  let next = 0;
  for (const row of rows) {
    if (row.index < next) continue;
    const open = !collapsed.has(row.index);
    next = kept[row.index] === true && open ? row.index + 1 : row.end;
    if (kept[row.index] !== true) continue;
    const expanded = parents.has(row.index) ? open : undefined;
    shown.push({ row, fits: fits[row.index] === true, expanded });
  }
  return shown;
}

/** A row is kept where it fits or a row below it does; `parents` are those that have such a row below them. */
function keptRows(
  rows: readonly SpanRow[],
  fits: readonly boolean[],
): { kept: boolean[]; parents: Set<number> } {
  const kept = [...fits];
  const parents = new Set<number>();
  for (const { index, parent } of rows.toReversed()) {
    if (kept[index] !== true || parent < 0) continue;
    kept[parent] = true;
    parents.add(parent);
  }
  return { kept, parents };
}

const searchTexts = new WeakMap<SpanRow, string>();

function searchText(row: SpanRow): string {
  const known = searchTexts.get(row);
  if (known !== undefined) return known;
  const { name, service, kind, spanId, status, attributes, events } = row.span;
  const pairs = [attributes, ...events.map((event) => event.attributes)].flatMap((each) =>
    Object.entries(each).map(([key, value]) => `${key}=${attributeText(value)}`),
  );
  const happened = events.map((event) => event.name);
  const text = [name, service, kind, spanId, status.message, ...happened, ...pairs]
    .join('\n')
    .toLowerCase();
  searchTexts.set(row, text);
  return text;
}

/** An attribute's value as one reads it. */
export function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
