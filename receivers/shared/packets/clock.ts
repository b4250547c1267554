import type { Libc } from './libc.ts';

const CLOCK_REALTIME = 0;

/**
 * The kernel's wall clock, which stamps packets too, as nanoseconds since the process began to look at it: a double
 * holds 104 days of those exactly, and rounds to 2 ns for as long again.
 */
export interface StampClock {
  readonly nowNs: () => number;
  readonly fromStamp: (seconds: number, nanoseconds: number) => number;
  /** Nanoseconds since the Unix epoch. */
  readonly toEpochNs: (ns: number) => bigint;
}

export function createStampClock(libc: Libc): StampClock {
  const time = new BigInt64Array(2);
  // Little endian: seconds fit the lower halves until 2106.
  const halves = new Uint32Array(time.buffer);
  libc.clock_gettime(CLOCK_REALTIME, time);
  const originSeconds = halves[0] ?? 0;
  const fromStamp = (seconds: number, nanoseconds: number): number =>
    (seconds - originSeconds) * 1e9 + nanoseconds;
  return {
    nowNs: () => {
      libc.clock_gettime(CLOCK_REALTIME, time);
      return fromStamp(halves[0] ?? 0, halves[2] ?? 0);
    },
    fromStamp,
    toEpochNs: (ns) => BigInt(originSeconds) * 1_000_000_000n + BigInt(Math.round(ns)),
  };
}
