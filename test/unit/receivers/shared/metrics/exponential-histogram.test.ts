import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  createHistogram,
  type ExponentialHistogram,
} from '../../../../../receivers/shared/metrics/exponential-histogram.ts';

const seconds = fc.double({ min: 1e-7, max: 100, noNaN: true });
const values = fc.array(seconds, { minLength: 1, maxLength: 200 });

function of(list: readonly number[]): ExponentialHistogram {
  const histogram = createHistogram();
  for (const value of list) histogram.add(value);
  return histogram.read();
}

describe('an exponential histogram', () => {
  it('puts each value into the bucket that holds it', () => {
    fc.assert(
      fc.property(values, (list) => {
        const { scale, offset, counts } = of(list);
        const expected = counts.map((_, index) => {
          const from = 2 ** ((offset + index) / 2 ** scale);
          const to = 2 ** ((offset + index + 1) / 2 ** scale);
          return list.filter((value) => value > from * (1 + 1e-12) && value <= to * (1 - 1e-12))
            .length;
        });

        for (const [index, count] of counts.entries()) assert.ok(count >= (expected[index] ?? 0));
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          list.length,
        );
        assert.ok(counts.length <= 160);
      }),
    );
  });

  it('can be merged, as OpenTelemetry says how: what comes of it is that of all values together', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const [first, second, together] = [of(one), of(other), of([...one, ...other])];
        const merged = new Map<number, number>();
        for (const histogram of [first, second])
          for (const [index, many] of bucketsAt(histogram, together.scale))
            merged.set(index, (merged.get(index) ?? 0) + many);

        assert.ok(together.scale <= Math.min(first.scale, second.scale));
        assert.deepEqual(
          new Map([...merged].toSorted(([a], [b]) => a - b)),
          bucketsAt(together, together.scale),
        );
        assert.equal(together.count, first.count + second.count);
        assert.equal(together.min, Math.min(first.min, second.min));
        assert.equal(together.max, Math.max(first.max, second.max));
      }),
    );
  });

  it('finds a quantile within its least bucket', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, share) => {
        const histogram = of(list);
        const sorted = list.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(share * list.length) - 1] ?? Number.NaN;
        const width = 2 ** (1 / 2 ** histogram.scale);
        const found = quantileOf(histogram, share);

        assert.ok(found >= exact / width && found <= exact * width, `${found} for ${exact}`);
      }),
    );
  });

  it('counts zeros apart', () => {
    const { zeros, count, counts } = of([0, 0]);

    assert.deepEqual([zeros, count, counts], [2, 2, []]);
  });
});

/** Counts by the number of their bucket at a scale that is no finer, without those of none. */
function bucketsAt(histogram: ExponentialHistogram, scale: number): Map<number, number> {
  const found = new Map<number, number>();
  for (const [place, many] of histogram.counts.entries()) {
    const index = Math.floor((histogram.offset + place) / 2 ** (histogram.scale - scale));
    if (many > 0) found.set(index, (found.get(index) ?? 0) + many);
  }
  return new Map([...found].toSorted(([a], [b]) => a - b));
}

/** The middle of the bucket below whose end a share lies, as whoever reads it would take it. */
function quantileOf(
  { counts, offset, scale, count, min, max }: ExponentialHistogram,
  share: number,
): number {
  let left = share * count;
  for (const [index, many] of counts.entries()) {
    left -= many;
    if (left <= 0) return Math.min(max, Math.max(min, 2 ** ((offset + index + 0.5) / 2 ** scale)));
  }
  return max;
}
