/** Where a row stands among others. */
export interface TreePlace {
  /** Index of the parent's row; -1 at the top. */
  readonly parent: number;
  /** Index behind the last row below this one. */
  readonly end: number;
  /** Place among the rows of the same parent, from 1, and how many these are. */
  readonly position: number;
  readonly siblings: number;
}

/** The places of rows that are in the order of their tree, from how deep each of them lies. */
export function treePlaces(depths: readonly number[]): TreePlace[] {
  const above: number[] = [];
  const families = new Map<number, number>();
  const places = depths.map((depth, index) => {
    above.length = depth;
    const parent = above.at(-1) ?? -1;
    above.push(index);
    const position = (families.get(parent) ?? 0) + 1;
    families.set(parent, position);
    return { parent, position };
  });
  const ends = places.map((_, index) => index + 1);
  for (const [index, { parent }] of [...places.entries()].toReversed()) {
    if (parent >= 0) ends[parent] = Math.max(ends[parent] ?? 0, ends[index] ?? 0);
  }
  return places.map(({ parent, position }, index) => ({
    parent,
    end: ends[index] ?? index + 1,
    position,
    siblings: families.get(parent) ?? position,
  }));
}
