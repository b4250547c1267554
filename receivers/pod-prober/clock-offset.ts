/**
 * How far another clock is ahead of ours, as far as causes and effects tell: its reading minus our
 * time lies between loNs and hiNs. null: unbounded on that side.
 */
export interface Offset {
  readonly loNs: bigint | null;
  readonly hiNs: bigint | null;
}

/** A reading of another clock, and what our clock showed before and after the moment it stands for. */
export interface Reading {
  readonly clockId: string;
  readonly clockNs: bigint;
  /** The reading may stand for up to this much later: 1 s where it was cut to whole seconds. */
  readonly resolutionNs: bigint;
  /** Our time at something that must have happened before; null: nothing is known to have. */
  readonly afterNs: bigint | null;
  /** Our time when we heard of it, so after it. */
  readonly beforeNs: bigint;
}

export const unknownOffset: Offset = { loNs: null, hiNs: null };

function larger(one: bigint | null, other: bigint | null): bigint | null {
  if (one === null) return other;
  return other === null || one > other ? one : other;
}

function smaller(one: bigint | null, other: bigint | null): bigint | null {
  if (one === null) return other;
  return other === null || one < other ? one : other;
}

function intersect(one: Offset, other: Offset): Offset {
  return { loNs: larger(one.loNs, other.loNs), hiNs: smaller(one.hiNs, other.hiNs) };
}

/** No offset satisfies both bounds: the clock, or ours, was stepped between the readings. */
export function isContradictory(offset: Offset): boolean {
  return offset.loNs !== null && offset.hiNs !== null && offset.loNs > offset.hiNs;
}

function offsetOf(reading: Reading): Offset {
  const { clockNs, resolutionNs, afterNs, beforeNs } = reading;
  return {
    loNs: clockNs - beforeNs,
    hiNs: afterNs === null ? null : clockNs + resolutionNs - afterNs,
  };
}

/** The bounds of every clock that the readings name, narrowed by what is known already. */
export function estimateOffsets(
  readings: readonly Reading[],
  known: (clockId: string) => Offset,
): ReadonlyMap<string, Offset> {
  const offsets = new Map<string, Offset>();
  for (const reading of readings) {
    const before = offsets.get(reading.clockId) ?? unknownOffset;
    offsets.set(reading.clockId, intersect(before, offsetOf(reading)));
  }
  for (const [clockId, own] of offsets) {
    const narrowed = intersect(own, known(clockId));
    // What was known belongs to another time; where it does not fit the clock was stepped since.
    if (!isContradictory(narrowed)) offsets.set(clockId, narrowed);
  }
  return offsets;
}

/**
 * The correction to take from a clock's readings: none while the clock may be right, else the
 * middle of its bounds (or the only bound): then it is certainly wrong.
 */
export function correctionNs(offset: Offset): bigint {
  const { loNs, hiNs } = offset;
  if (loNs !== null && loNs > 0n) return hiNs === null ? loNs : (loNs + hiNs) / 2n;
  if (hiNs !== null && hiNs < 0n) return loNs === null ? hiNs : (loNs + hiNs) / 2n;
  return 0n;
}

/**
 * Narrows bounds by an assumption: of all that this clock noted, the quickest reached us within
 * promptNs. Without it only an upper bound from causes is known, often loose. Not applied where it
 * would say that the clock is behind: slow delivery looks the same.
 */
export function assumePrompt(offset: Offset, promptNs: bigint): Offset {
  if (offset.loNs === null || offset.loNs + promptNs < 0n) return offset;
  return { loNs: offset.loNs, hiNs: smaller(offset.hiNs, offset.loNs + promptNs) };
}

/** Remembers the bounds of clocks over a run; what is older than two windows is forgotten: clocks drift. */
export interface OffsetMemory {
  readonly known: (clockId: string, nowNs: bigint) => Offset;
  readonly learn: (offsets: ReadonlyMap<string, Offset>, nowNs: bigint) => void;
}

const windowNs = 120_000_000_000n;
/** Clocks remembered at most: one a node and a few of the control plane. */
const maxClocks = 10_000;

export function createOffsetMemory(): OffsetMemory {
  let windowStartNs: bigint | undefined;
  let current = new Map<string, Offset>();
  let previous = new Map<string, Offset>();

  function rotate(nowNs: bigint): void {
    windowStartNs ??= nowNs;
    if (nowNs - windowStartNs < windowNs) return;
    previous = nowNs - windowStartNs < 2n * windowNs ? current : new Map();
    current = new Map();
    windowStartNs = nowNs;
  }

  return {
    known: (clockId, nowNs) => {
      rotate(nowNs);
      const [now, before] = [current, previous].map((each) => each.get(clockId) ?? unknownOffset);
      const both = intersect(now ?? unknownOffset, before ?? unknownOffset);
      return isContradictory(both) ? (now ?? unknownOffset) : both;
    },
    learn: (offsets, nowNs) => {
      rotate(nowNs);
      for (const [clockId, offset] of offsets) {
        if (!current.has(clockId) && current.size >= maxClocks) continue;
        const both = intersect(current.get(clockId) ?? unknownOffset, offset);
        current.set(clockId, isContradictory(both) ? offset : both);
      }
    },
  };
}
