/** What a choice is made from. */
export interface Candidate {
  /** Tells it apart from all others. */
  readonly key: string;
  /** Of its key. */
  readonly hash: number;
}

/**
 * Chooses `most` of them by their hashes mixed with that of the seed, the least ones: who comes or goes changes one other, at most. Gives
 * them in the order in which they came.
 */
export function chosen<Each extends Candidate>(
  candidates: readonly Each[],
  most: number,
  seed: string,
): readonly Each[] {
  if (candidates.length <= most) return candidates;
  const from = hash(seed);
  // By hand: a cluster has thousands of candidates, and a choice for each of its namespaces.
  const ranks = new Uint32Array(candidates.length);
  for (let index = 0; index < ranks.length; index++)
    ranks[index] = mixed(from ^ candidates[index]!.hash);
  const last = ranks.toSorted()[most - 1]!;
  const below: Each[] = [];
  const equal: Each[] = [];
  for (let index = 0; index < ranks.length; index++) {
    const rank = ranks[index]!;
    if (rank < last) below.push(candidates[index]!);
    else if (rank === last) equal.push(candidates[index]!);
  }
  // Hashes may be the same; keys never are.
  equal.sort((one, other) => (one.key < other.key ? -1 : 1));
  const kept = new Set([...below, ...equal.slice(0, most - below.length)]);
  return candidates.filter((each) => kept.has(each));
}

/** 32 bits that differ wherever texts do, as good as always: FNV-1a, stirred. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return mixed(value);
}

/** The finalizer of MurmurHash3: each bit of the result depends on all. */
function mixed(bits: number): number {
  let value = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
