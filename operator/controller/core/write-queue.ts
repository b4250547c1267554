import { createAllowance } from './allowance.ts';

export interface WriteBounds {
  /** One object is written once in this time, at most. */
  readonly everyMs: number;
  /** All together. */
  readonly writesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Bytes that may be written at once after a quiet time. */
  readonly stockBytes: number;
}

export type NextWrite =
  | { readonly kind: 'write'; readonly key: string }
  /** Not before so long; a sooner `want` changes that. */
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'idle' };

/** What is to be written, the longest waiting first, within bounds. Each key is there once, however often it changes. */
export interface WriteQueue {
  /** It is to be written with about so many bytes. */
  readonly want: (key: string, bytes: number, nowMs: number) => void;
  /** It need not be written any more. */
  readonly drop: (key: string) => void;
  /** Takes out what may be written now. */
  readonly next: (nowMs: number) => NextWrite;
  /** What was taken out was not written, and is not to be tried before then. */
  readonly postpone: (key: string, untilMs: number) => void;
  readonly waiting: () => number;
  /** For how long the one that waits longest has; 0: none waits. */
  readonly oldestMs: (nowMs: number) => number;
}

/** Marks of keys that are not wanted and may be written again at once are forgotten above this. */
const manyMarks = 10_000;

/** Times are those of the monotonic clock. */
export function createWriteQueue(bounds: WriteBounds): WriteQueue {
  const { everyMs, writesPerSecond, bytesPerSecond, stockBytes } = bounds;
  // A Map keeps the order in which keys came.
  const wanted = new Map<string, { bytes: number; readonly sinceMs: number }>();
  const notBefore = new Map<string, number>();
  const writes = createAllowance({ perSecond: writesPerSecond, stock: writesPerSecond });
  const bytes = createAllowance({ perSecond: bytesPerSecond, stock: stockBytes });

  function forget(nowMs: number): void {
    if (notBefore.size <= manyMarks) return;
    for (const [key, untilMs] of notBefore)
      if (untilMs <= nowMs && !wanted.has(key)) notBefore.delete(key);
  }

  return {
    want: (key, size, nowMs) => {
      const entry = wanted.get(key);
      if (entry === undefined) wanted.set(key, { bytes: size, sinceMs: nowMs });
      else entry.bytes = size;
    },
    drop: (key) => void wanted.delete(key),
    next: (nowMs) => {
      let soonestMs = Infinity;
      for (const [key, entry] of wanted) {
        const ownMs = (notBefore.get(key) ?? 0) - nowMs;
        if (ownMs > 0) {
          soonestMs = Math.min(soonestMs, ownMs);
          continue;
        }
        const waitMs = Math.max(writes.waitMs(1, nowMs), bytes.waitMs(entry.bytes, nowMs));
        // The one that waits longest has the next allowance: smaller ones do not overtake it.
        if (waitMs > 0) return { kind: 'wait', ms: waitMs };
        wanted.delete(key);
        writes.take(1, nowMs);
        bytes.take(entry.bytes, nowMs);
        notBefore.set(key, nowMs + everyMs);
        forget(nowMs);
        return { kind: 'write', key };
      }
      return soonestMs === Infinity ? { kind: 'idle' } : { kind: 'wait', ms: soonestMs };
    },
    postpone: (key, untilMs) => void notBefore.set(key, untilMs),
    waiting: () => wanted.size,
    oldestMs: (nowMs) => {
      let oldest = nowMs;
      for (const { sinceMs } of wanted.values()) oldest = Math.min(oldest, sinceMs);
      return nowMs - oldest;
    },
  };
}
