/** Reads the time of this machine as nanoseconds since the Unix epoch. */
export interface WallClock {
  readonly nowNs: () => bigint;
}

/** The clocks of the operating system that a WallClock is made of. */
export interface ClockReadings {
  /** Never steps; any origin. */
  readonly monotonicNs: () => bigint;
  /** The system's time, cut to whole milliseconds. */
  readonly systemMs: () => number;
  /** The system's time as known at the start of the process, finer than a millisecond. */
  readonly firstGuessNs: () => bigint;
}

const msNs = 1_000_000n;

export const processClocks: ClockReadings = {
  monotonicNs: () => process.hrtime.bigint(),
  systemMs: () => Date.now(),
  firstGuessNs: () =>
    BigInt(Math.round(performance.timeOrigin * 1000)) * 1000n +
    BigInt(Math.round(performance.now() * 1e6)),
};

const closeReadNs = 50_000n;
const attempts = 5;

/** One pair of readings, taken so close together that a pause of the process is not between them. */
function readPair(clocks: ClockReadings): { monotonicNs: bigint; floorNs: bigint } {
  for (let attempt = 1; ; attempt++) {
    const monotonicNs = clocks.monotonicNs();
    const floorNs = BigInt(clocks.systemMs()) * msNs;
    const gapNs = clocks.monotonicNs() - monotonicNs;
    if (gapNs < closeReadNs || attempt === attempts) return { monotonicNs, floorNs };
  }
}

/**
 * A wall clock finer than a millisecond. The system's time is only readable in whole milliseconds,
 * so each reading is the monotonic clock plus an offset, and the offset is moved by the least
 * amount that keeps the result inside the millisecond that the system shows. Steps and slews of the
 * system clock are followed at the next reading.
 */
export function createWallClock(clocks: ClockReadings): WallClock {
  let offsetNs: bigint | undefined;
  return {
    nowNs: () => {
      offsetNs ??= clocks.firstGuessNs() - clocks.monotonicNs();
      const { monotonicNs, floorNs } = readPair(clocks);
      const intoMsNs = monotonicNs + offsetNs - floorNs;
      if (intoMsNs < 0n) offsetNs -= intoMsNs;
      else if (intoMsNs >= msNs) offsetNs -= intoMsNs - (msNs - 1n);
      return monotonicNs + offsetNs;
    },
  };
}
