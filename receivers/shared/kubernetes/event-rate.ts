/** Events that may be told at once, and then one in each of these times: a storm of findings is no storm of events. */
const burst = 20;
const refillMs = 15_000;

/** Bounds how many events are told. */
export interface EventRate {
  /** Whether one more may be told now, by the monotonic clock: one that is set must neither flood nor hold back. */
  readonly take: (nowMs: number) => boolean;
}

export function createEventRate(): EventRate {
  let left = burst;
  let sinceMs: number | undefined;
  return {
    take: (nowMs) => {
      const passed = Math.max(0, Math.floor((nowMs - (sinceMs ?? nowMs)) / refillMs));
      left = Math.min(burst, left + passed);
      sinceMs = left === burst ? nowMs : (sinceMs ?? nowMs) + passed * refillMs;
      if (left < 1) return false;
      left--;
      return true;
    },
  };
}
