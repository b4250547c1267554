import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { createDueQueue } from '../../../../../receivers/rtt-pinger/core/due-queue.ts';

describe('createDueQueue', () => {
  it('gives everything back in the order in which it is due, whatever the order it came in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (dues) => {
        const queue = createDueQueue<number>();
        for (const due of dues) queue.add(due, due);
        const taken = dues.map(() => queue.take(100));

        assert.deepEqual(
          taken,
          dues.toSorted((a, b) => a - b),
        );
        assert.equal(queue.size(), 0);
      }),
    );
  });

  it('gives nothing before it is due', () => {
    const queue = createDueQueue<string>();
    queue.add(10, 'later');

    assert.equal(queue.take(9), undefined);
    assert.equal(queue.nextMs(), 10);
    assert.equal(queue.take(10), 'later');
    assert.equal(queue.nextMs(), Number.POSITIVE_INFINITY);
  });
});
