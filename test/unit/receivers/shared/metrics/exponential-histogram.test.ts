import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  createHistogram,
  quantileOf,
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

  it('is the same whether values came together or were merged', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const merged = createHistogram();
        merged.merge(of(one));
        merged.merge(of(other));
        const together = of([...one, ...other]);
        const { sum, ...rest } = merged.read();
        const { sum: sumTogether, ...restTogether } = together;

        assert.deepEqual(trimmed(rest), trimmed(restTogether));
        assert.ok(Math.abs(sum - sumTogether) <= 1e-9 * sumTogether);
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

  it('counts zeros apart, and has no quantile when it is empty', () => {
    const { zeros, count, counts } = of([0, 0]);

    assert.deepEqual([zeros, count, counts], [2, 2, []]);
    assert.equal(quantileOf(of([]), 0.5), Number.NaN);
  });
});

/** Without buckets at the ends that hold nothing. */
function trimmed(histogram: Omit<ExponentialHistogram, 'sum'>): Omit<ExponentialHistogram, 'sum'> {
  const first = histogram.counts.findIndex((count) => count > 0);
  const last = histogram.counts.findLastIndex((count) => count > 0);
  return {
    ...histogram,
    offset: histogram.offset + first,
    counts: histogram.counts.slice(first, last + 1),
  };
}
