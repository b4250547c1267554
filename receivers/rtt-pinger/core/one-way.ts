import type { OneWay } from './sample.ts';

/** The offset of the two clocks is taken from so many samples, of so long, at most: clocks drift apart meanwhile. */
const windowSamples = 60;
const windowMs = 120_000;
/** A way that is shorter by so much than it ever was, while the other has grown, is a step of a clock. */
const stepNs = 500_000;

type Ways = Pick<OneWay, 'outNs' | 'backNs'>;

export interface OneWayDelays extends Ways {
  /** A clock has stepped: what was known of the offset is void. */
  readonly stepped: boolean;
  /** The estimate begins with this sample: there is nothing that it can be compared with. */
  readonly anew: boolean;
}

/**
 * Takes the offset between two clocks out of both ways. The ways' least delays are held to be equally long, as nothing can
 * tell a constant asymmetry from an offset; what is told is how much each way is above its least.
 */
export interface OneWayEstimate {
  /** `nowMs` is the monotonic clock. */
  readonly add: (ways: Ways, nowMs: number) => OneWayDelays;
}

interface Recent extends Ways {
  readonly atMs: number;
}

export function createOneWayEstimate(): OneWayEstimate {
  let recent: Recent[] = [];
  return {
    add: ({ outNs, backNs }, nowMs) => {
      while (recent.length >= windowSamples || (recent[0]?.atMs ?? nowMs) < nowMs - windowMs)
        recent.shift();
      const stepped = recent.length > 0 && hasStepped(leastOf(recent), { outNs, backNs });
      if (stepped) recent = [];
      const anew = recent.length === 0;
      recent.push({ outNs, backNs, atMs: nowMs });
      const least = leastOf(recent);
      const offsetNs = (least.outNs - least.backNs) / 2;
      return {
        outNs: Math.max(0, outNs - offsetNs),
        backNs: Math.max(0, backNs + offsetNs),
        stepped,
        anew,
      };
    },
  };
}

function leastOf(recent: readonly Recent[]): Ways {
  const least = { outNs: Number.POSITIVE_INFINITY, backNs: Number.POSITIVE_INFINITY };
  for (const { outNs, backNs } of recent) {
    least.outNs = Math.min(least.outNs, outNs);
    least.backNs = Math.min(least.backNs, backNs);
  }
  return least;
}

/** No queue makes a way shorter: when one is, and the other is longer by about as much, it was the offset. */
function hasStepped(least: Ways, { outNs, backNs }: Ways): boolean {
  const [out, back] = [outNs - least.outNs, backNs - least.backNs];
  const shorter = -Math.min(out, back);
  return shorter > stepNs && Math.max(out, back) > shorter / 2;
}
