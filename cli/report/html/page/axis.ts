/** Places on an axis of times in equal ratios. */
export interface TimeAxis {
  /** 0 to 100. */
  readonly placeOf: (seconds: number) => number;
  /** Powers of ten on it, in seconds. */
  readonly ticks: readonly number[];
}

const leastS = 1e-6;

/** An axis from the power of ten below the shortest time to the one above the longest. What took no time stands at its beginning. */
export function timeAxis(seconds: readonly number[]): TimeAxis {
  let [least, most] = [Number.POSITIVE_INFINITY, leastS];
  for (const each of seconds) {
    if (each >= leastS) least = Math.min(least, each);
    most = Math.max(most, each);
  }
  const from = Math.floor(Math.log10(Math.min(least, most)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  return {
    placeOf: (each) => ((Math.log10(Math.max(10 ** from, each)) - from) / (to - from)) * 100,
    ticks: Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)),
  };
}
