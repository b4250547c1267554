import assert from 'node:assert/strict';
import fc from 'fast-check';
import { treePlaces } from '../../../../../../cli/trace/html/page/tree-places.ts';
import { epochNs, span } from '../../spans.ts';
import { modelOf } from '../rows.ts';

describe('traceModel', () => {
  it('has the times of spans since the begin of the trace', () => {
    const { rows, beginNs, lengthNs } = modelOf([span(1, null, [5, 905]), span(2, 1, [7, 8])]);

    assert.equal(beginNs, epochNs + 5000n);
    assert.equal(lengthNs, 900_000);
    assert.deepEqual(
      rows.map(({ fromNs, toNs }) => [fromNs, toNs]),
      [
        [0, 900_000],
        [2000, 3000],
      ],
    );
  });

  it('draws a span that ends before it begins without length', () => {
    const { rows } = modelOf([span(1, null, [5, 3])]);

    assert.deepEqual([rows[0]?.fromNs, rows[0]?.toNs], [0, 0]);
  });

  it('marks what failed and what has lost its parent', () => {
    const failed = { status: { code: 'error', message: '' } } as const;
    const { rows } = modelOf([span(1, 9, [0, 1]), span(2, null, [0, 1], failed)]);

    assert.deepEqual(
      rows.map(({ orphan, failed: marked }) => ({ orphan, marked })),
      [
        { orphan: true, marked: false },
        { orphan: false, marked: true },
      ],
    );
  });

  it('is empty for a trace without spans', () => {
    const { rows, looks, lengthNs } = modelOf([]);

    assert.deepEqual({ rows, looks, lengthNs }, { rows: [], looks: [], lengthNs: 0 });
  });
});

describe('treePlaces', () => {
  /** Depths of a tree in its order: the first 0, each at most one more than the one before. */
  const depths = fc
    .array(fc.nat(6))
    .map((steps) =>
      steps.reduce<number[]>((all, step) => [...all, Math.min(step, (all.at(-1) ?? -1) + 1)], []),
    );

  it('has the parent as the nearest row above that is one level up', () => {
    fc.assert(
      fc.property(depths, (given) => {
        const parents = treePlaces(given).map(({ parent }) => parent);
        const expected = given.map((depth, index) => given.slice(0, index).lastIndexOf(depth - 1));
        assert.deepEqual(parents, expected);
      }),
    );
  });

  it('ends a subtree before the next row that is not deeper', () => {
    fc.assert(
      fc.property(depths, (given) => {
        const ends = treePlaces(given).map(({ end }) => end);
        const expected = given.map((depth, index) => {
          const next = given.findIndex((other, place) => place > index && other <= depth);
          return next < 0 ? given.length : next;
        });
        assert.deepEqual(ends, expected);
      }),
    );
  });

  it('counts the rows of one parent', () => {
    assert.deepEqual(
      treePlaces([0, 1, 2, 1, 0]).map(({ position, siblings }) => `${position}/${siblings}`),
      ['1/2', '1/2', '1/1', '2/2', '2/2'],
    );
  });
});
