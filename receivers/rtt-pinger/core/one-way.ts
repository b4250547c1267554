import type { OneWay } from './sample.ts';

/** Samples that the offset of the two clocks is taken from. */
const windowSamples = 60;

export interface OneWayDelays {
  readonly outNs: number;
  readonly backNs: number;
}

/**
 * Takes the offset between two clocks out of both ways. The ways' least delays are held to be equally long, as nothing can
 * tell a constant asymmetry from an offset; what is told is how much each way is above its least.
 */
export interface OneWayEstimate {
  readonly add: (ways: OneWay) => OneWayDelays;
}

export function createOneWayEstimate(): OneWayEstimate {
  const recent: OneWay[] = [];
  return {
    add: (ways) => {
      recent.push(ways);
      if (recent.length > windowSamples) recent.shift();
      const leastOut = Math.min(...recent.map(({ outNs }) => outNs));
      const leastBack = Math.min(...recent.map(({ backNs }) => backNs));
      const offsetNs = (leastOut - leastBack) / 2;
      return {
        outNs: Math.max(0, ways.outNs - offsetNs),
        backNs: Math.max(0, ways.backNs + offsetNs),
      };
    },
  };
}
