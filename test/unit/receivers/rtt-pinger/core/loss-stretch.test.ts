import assert from 'node:assert/strict';

import {
  isStretchOver,
  leastStretchMs,
} from '../../../../../receivers/rtt-pinger/core/loss-stretch.ts';

describe('isStretchOver', () => {
  for (const [roundMs, stretchMs] of [
    [20, 15_000],
    [5000, 15_000],
    [10_000, 30_000],
    [60_000, 180_000],
    [3_600_000, 10_800_000],
  ] as const)
    it(`has stretches of ${stretchMs / 1000} s for rounds of ${roundMs / 1000} s, looked at every 15 s`, () => {
      let sinceMs = leastStretchMs - 1;
      while (!isStretchOver(sinceMs, roundMs)) sinceMs += leastStretchMs;

      assert.equal(sinceMs, stretchMs - 1);
    });
});
