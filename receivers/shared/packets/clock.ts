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

/** Between steps the kernel keeps wall clock and monotonic clock at a distance to the nanosecond; what is beyond this is a step. */
const slackNs = 50_000;
/** Where something else than the kernel makes the clocks they may drift apart by 10 millionths. */
const driftNsPerMs = 10;

/**
 * Notices that the wall clock was set: gives a function that says whether it was since it was last asked. Being interrupted
 * between two looks at the clocks makes the distance vague, not wrong.
 */
export function createStepWatch(
  clock: Pick<StampClock, 'nowNs'>,
  monotonicMs = (): number => performance.now(),
): () => boolean {
  let lookedMs = monotonicMs();
  let leastNs = Number.NEGATIVE_INFINITY;
  let mostNs = Number.POSITIVE_INFINITY;
  function look(): boolean {
    const beforeMs = monotonicMs();
    const wallNs = clock.nowNs();
    const least = wallNs - monotonicMs() * 1e6;
    const most = wallNs - beforeMs * 1e6;
    const driftNs = (beforeMs - lookedMs) * driftNsPerMs;
    lookedMs = beforeMs;
    const stepped = least > mostNs + driftNs + slackNs || most < leastNs - driftNs - slackNs;
    leastNs = stepped ? least : Math.max(leastNs - driftNs, least);
    mostNs = stepped ? most : Math.min(mostNs + driftNs, most);
    return stepped;
  }
  look();
  return look;
}
