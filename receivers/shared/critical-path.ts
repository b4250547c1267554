/** Something that took time, with what it did below itself. */
export interface Interval<T extends Interval<T>> {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly children: readonly T[];
}

/** A stretch of the path and the deepest work that it waited for; undefined: nothing was under way. */
export interface Stretch<T> {
  readonly work: T | undefined;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Deeper work than this is taken as its ancestor's own. */
const maxDepth = 200;

/**
 * The critical path through works that may follow, nest and overlap: walked back from the end, each instant belongs to
 * the work that was the last to finish by then, and within it to its deepest child for which the same holds. Of works
 * under way at the same instant it is the one that began first. The stretches are in order of time, touch each other,
 * and cover the given time exactly.
 */
export function criticalPath<T extends Interval<T>>(
  works: readonly T[],
  fromNs: bigint,
  toNs: bigint,
): Stretch<T>[] {
  return walkBack(undefined, works, { fromNs, toNs, depth: 0 })
    .filter((each) => each.toNs > each.fromNs)
    .toReversed();
}

function walkBack<T extends Interval<T>>(
  own: T | undefined,
  works: readonly T[],
  within: { readonly fromNs: bigint; readonly toNs: bigint; readonly depth: number },
): Stretch<T>[] {
  const { fromNs, toNs, depth } = within;
  const path: Stretch<T>[] = [];
  let cursorNs = toNs;
  while (cursorNs > fromNs) {
    const last = depth < maxDepth ? lastToFinish(works, fromNs, cursorNs) : undefined;
    if (last === undefined) {
      path.push({ work: own, fromNs, toNs: cursorNs });
      break;
    }
    const endNs = min(last.toNs, cursorNs);
    path.push({ work: own, fromNs: endNs, toNs: cursorNs });
    cursorNs = max(last.fromNs, fromNs);
    const inside = { fromNs: cursorNs, toNs: endNs, depth: depth + 1 };
    for (const stretch of walkBack(last, last.children, inside)) path.push(stretch);
  }
  return path;
}

function lastToFinish<T extends Interval<T>>(
  works: readonly T[],
  fromNs: bigint,
  beforeNs: bigint,
): T | undefined {
  let best: T | undefined;
  for (const work of works) {
    if (work.fromNs >= beforeNs || work.toNs <= fromNs) continue;
    if (best === undefined || finishesLater(work, best, beforeNs)) best = work;
  }
  return best;
}

function finishesLater<T extends Interval<T>>(one: T, other: T, beforeNs: bigint): boolean {
  const [oneNs, otherNs] = [min(one.toNs, beforeNs), min(other.toNs, beforeNs)];
  return oneNs === otherNs ? one.fromNs < other.fromNs : oneNs > otherNs;
}

function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
