import assert from 'node:assert/strict';

import { createEventRate } from '../../../../../receivers/shared/kubernetes/event-rate.ts';

describe('createEventRate', () => {
  it('lets 20 through at once, and then four a minute, whichever way the clock goes', () => {
    const rate = createEventRate();
    const told = (nowMs: number, tries = 30): number =>
      Array.from({ length: tries }, () => rate.take(nowMs)).filter(Boolean).length;

    assert.equal(told(1_000_000), 20);
    assert.equal(told(0), 0);
    assert.equal(told(1_030_000), 2);
    assert.equal(told(2_000_000), 20);
  });
});
