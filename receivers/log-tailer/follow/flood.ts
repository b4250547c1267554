/** Tells when events come faster than it is worth being told of each. */
export interface FloodGauge {
  /** Counts one; true when it is a flood. */
  readonly count: (nowMs: number) => boolean;
}

const floodEvents = 32;
const floodMs = 8;

export function createFloodGauge(): FloodGauge {
  let sinceMs = 0;
  let events = 0;
  return {
    count: (nowMs) => {
      if (nowMs - sinceMs > floodMs) {
        sinceMs = nowMs;
        events = 0;
      }
      return ++events > floodEvents;
    },
  };
}
