import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { treeRows } from '../../../../cli/trace/tree.ts';
import { idOf, span } from './spans.ts';

describe('treeRows', () => {
  it('puts children below their parent in the order in which they start', () => {
    const spans = [
      span(4, 1, [50, 60]),
      span(3, 2, [20, 30]),
      span(1, null, [0, 100]),
      span(2, 1, [10, 40]),
    ];

    assert.deepEqual(ids(treeRows(spans)), [1, 2, 3, 4].map(idOf));
  });

  it('tells for each level whether its branch is the last', () => {
    const spans = [
      span(1, null, [0, 100]),
      span(2, 1, [10, 40]),
      span(3, 2, [20, 30]),
      span(4, 1, [50, 60]),
    ];

    assert.deepEqual(
      treeRows(spans).map((row) => row.lastOnLevel),
      [[], [false], [false, true], [true]],
    );
  });

  it('puts spans whose parent is missing at the top and marks them, not their children', () => {
    const spans = [span(1, null, [0, 100]), span(2, 99, [50, 60]), span(3, 2, [51, 52])];

    const rows = treeRows(spans);

    assert.deepEqual(ids(rows), [2, 3, 1].map(idOf));
    assert.deepEqual(
      rows.map((row) => row.orphan),
      [true, false, false],
    );
  });

  it('cuts a ring of parents at its earliest span', () => {
    const spans = [span(1, 3, [10, 20]), span(2, 1, [11, 12]), span(3, 2, [12, 13])];

    const rows = treeRows(spans);

    assert.deepEqual(ids(rows), [1, 2, 3].map(idOf));
    assert.deepEqual(
      rows.map((row) => row.orphan),
      [true, false, false],
    );
  });

  it('draws every span once, in an order that does not depend on that of its input', () => {
    const anySpan = fc.record({
      id: fc.integer({ min: 1, max: 12 }),
      parent: fc.option(fc.integer({ min: 1, max: 12 })),
      from: fc.integer({ min: 0, max: 20 }),
      length: fc.integer({ min: 0, max: 20 }),
    });
    const anySpans = fc
      .uniqueArray(anySpan, { selector: ({ id }) => id, maxLength: 12 })
      .map((list) => list.map((s) => span(s.id, s.parent, [s.from, s.from + s.length])));

    fc.assert(
      fc.property(
        anySpans.chain((spans) =>
          fc.tuple(
            fc.constant(spans),
            fc.shuffledSubarray(spans, { minLength: spans.length, maxLength: spans.length }),
          ),
        ),
        ([spans, shuffled]) => {
          const rows = treeRows(spans);

          assert.deepEqual(ids(rows).toSorted(), spans.map(({ spanId }) => spanId).toSorted());
          assert.deepEqual(treeRows(shuffled), rows);
        },
      ),
    );
  });
});

function ids(rows: ReturnType<typeof treeRows>): string[] {
  return rows.map((row) => row.span.spanId);
}
