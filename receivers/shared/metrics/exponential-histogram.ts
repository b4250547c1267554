/** As OTLP has it: bucket i holds values in (base^i, base^(i+1)] with base = 2^(2^-scale). */
export interface ExponentialHistogram {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly scale: number;
  /** Index of the first bucket. */
  readonly offset: number;
  readonly counts: readonly number[];
  readonly zeros: number;
}

/** Finest scale: buckets that differ by 4.4 %. */
const finestScale = 4;
const maxBuckets = 160;

const emptyHistogram: ExponentialHistogram = {
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  scale: finestScale,
  offset: 0,
  counts: [],
  zeros: 0,
};

/** A histogram that values are put into; it grows coarser rather than longer than 160 buckets. */
export interface GrowingHistogram {
  /** Not negative. */
  readonly add: (value: number) => void;
  /** The values so far; later ones do not change it. */
  readonly read: () => ExponentialHistogram;
}

export function createHistogram(): GrowingHistogram {
  let { count, sum, min, max, scale, offset, zeros } = emptyHistogram;
  let counts: number[] = [];

  function coarsen(): void {
    const coarser: number[] = [];
    const newOffset = Math.floor(offset / 2);
    for (const [index, many] of counts.entries()) {
      const at = Math.floor((offset + index) / 2) - newOffset;
      coarser[at] = (coarser[at] ?? 0) + many;
    }
    [counts, offset, scale] = [coarser, newOffset, scale - 1];
  }

  /** A value in the bucket of an index by the scale as it is. */
  function put(index: number): void {
    for (let at = index; ; at = Math.floor(at / 2)) {
      const first = counts.length === 0 ? at : Math.min(offset, at);
      const last = counts.length === 0 ? at : Math.max(offset + counts.length - 1, at);
      if (last - first >= maxBuckets) {
        coarsen();
        continue;
      }
      if (counts.length === 0) offset = at;
      while (offset > at) {
        counts.unshift(0);
        offset--;
      }
      while (offset + counts.length <= at) counts.push(0);
      counts[at - offset] = (counts[at - offset] ?? 0) + 1;
      return;
    }
  }

  return {
    add: (value) => {
      count++;
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
      if (value === 0) zeros++;
      else put(bucketOf(value, scale));
    },
    read: () => ({ count, sum, min, max, scale, offset, counts: [...counts], zeros }),
  };
}

function bucketOf(value: number, scale: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1;
}
