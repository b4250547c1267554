import { columns, printable, truncateMiddle } from '../terminal/text.ts';

/** Names of no more than so many columns, harmless to a terminal and no two alike. */
export function shortNames(names: readonly string[], width: number, ellipsis: string): string[] {
  const harmless = names.map(printable);
  const fitting = fits(harmless, width) ? harmless : withoutCommon(harmless, ellipsis);
  return distinct(
    fitting.map((name) => truncateMiddle(name, width, ellipsis)),
    width,
  );
}

function fits(names: readonly string[], width: number): boolean {
  return names.every((name) => columns(name) <= width);
}

/** Leaves out what all names begin and end with, in whole parts: `kube-latency-`, `.compute.internal`. */
function withoutCommon(names: readonly string[], ellipsis: string): string[] {
  const [first] = names;
  if (first === undefined || names.length < 2) return [...names];
  const begins = common(first, names, (name, end) => name.slice(0, end));
  const head = first.slice(0, begins).search(/[-.][^-.]*$/) + 1;
  const rest = names.map((name) => name.slice(head));
  const ends = common(rest[0] ?? '', rest, (name, end) =>
    name.slice(Math.max(0, name.length - end)),
  );
  const tail = (rest[0] ?? '').slice((rest[0] ?? '').length - ends).search(/\./);
  const cut = tail === -1 ? 0 : ends - tail;
  const cutOff = rest.map((name) => name.slice(0, name.length - cut));
  if (cutOff.some((name) => name === '')) return [...names];
  return head === 0 ? cutOff : cutOff.map((name) => ellipsis + name);
}

/** How much of the first name all names have, at the end that `part` takes. */
function common(
  first: string,
  names: readonly string[],
  part: (name: string, length: number) => string,
): number {
  let length = first.length;
  while (names.some((name) => part(name, length) !== part(first, length))) length -= 1;
  return length;
}

/** Gives those that look alike the number of their place; all, where that made new ones alike. */
function distinct(names: readonly string[], width: number): string[] {
  const alike = (among: readonly string[]) => {
    const counts = Map.groupBy(among, (name) => name);
    return (name: string) => counts.get(name)?.length !== 1;
  };
  const isAlike = alike(names);
  const marked = names.map((name, index) => (isAlike(name) ? numbered(name, index, width) : name));
  return marked.some(alike(marked))
    ? names.map((name, index) => numbered(name, index, width))
    : marked;
}

function numbered(name: string, index: number, width: number): string {
  const mark = `~${index + 1}`;
  return truncateMiddle(name, Math.max(0, width - columns(mark)), '') + mark;
}
