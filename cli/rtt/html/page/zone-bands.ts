import type { Matrix } from '../../matrix.ts';

/** Members of one zone that stand next to each other. */
export interface ZoneBand {
  readonly zone: string;
  readonly from: number;
  readonly count: number;
}

/** The zones along a list of members; none for a matrix of zones, which are their own names. */
export function zoneBands({ of, members }: Matrix, places: readonly number[]): ZoneBand[] {
  if (of === 'zone') return [];
  const bands: ZoneBand[] = [];
  for (const [index, place] of places.entries()) {
    const zone = members[place]?.zone ?? '';
    const last = bands.at(-1);
    if (last?.zone === zone) bands[bands.length - 1] = { ...last, count: last.count + 1 };
    else bands.push({ zone, from: index, count: 1 });
  }
  return bands;
}

export function everyPlace({ members }: Matrix): number[] {
  return members.map((_, index) => index);
}
