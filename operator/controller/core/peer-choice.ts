/** What a choice is made from. */
export interface Candidate {
  /** Tells it apart from all others. */
  readonly key: string;
}

/**
 * Chooses `most` of them by the hash of seed and key, the least ones: who comes or goes changes one other, at most. Gives them in the order
 * in which they came.
 */
export function chosen<Each extends Candidate>(
  candidates: readonly Each[],
  most: number,
  seed: string,
): readonly Each[] {
  if (candidates.length <= most) return candidates;
  const begun = hash(seed);
  const ranked = candidates.map((each) => ({ each, rank: hash(each.key, begun) }));
  const last = ranked.toSorted(byRank)[most - 1]!;
  return ranked.filter((one) => byRank(one, last) <= 0).map(({ each }) => each);
}

interface Ranked {
  readonly each: Candidate;
  readonly rank: number;
}

function byRank(one: Ranked, other: Ranked): number {
  return (
    one.rank - other.rank ||
    (one.each.key < other.each.key ? -1 : Number(one.each.key !== other.each.key))
  );
}

/** 32 bits that differ wherever texts do, as good as always: FNV-1a, and the finalizer of MurmurHash3 to stir its upper bits. */
export function hash(text: string, from = 0x811c9dc5): number {
  let value = from;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
