import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { firstBeat, nextBeat, turnMs } from '../../../../../receivers/rtt-pinger/core/rhythm.ts';

const rhythm = (random: number) => ({ intervalMs: 1000, jitter: 0.1, random: () => random });

describe('firstBeat', () => {
  it('lies within the first interval', () => {
    assert.deepEqual(firstBeat(rhythm(0.25), 5000), { middleMs: 5250, dueMs: 5250 });
  });

  it('lies within a second for a few of a long interval, and the second in the first interval', () => {
    const slow = { ...rhythm(0.25), intervalMs: 10_000, jitter: 0 };

    const first = firstBeat(slow, 5000, 3);

    assert.equal(first.dueMs, 5250);
    assert.equal(nextBeat(slow, first.middleMs, first.dueMs).middleMs, 7500);
  });

  it('lets no more than 20 begin in a second sooner than the interval asks for', () => {
    const slow = { ...rhythm(0.5), intervalMs: 10_000 };

    assert.equal(firstBeat(slow, 0, 100).dueMs, 2500);
    assert.deepEqual(firstBeat(slow, 0, 200), { middleMs: 5000, dueMs: 5000 });
  });
});

describe('nextBeat', () => {
  it('keeps its distance to the one before, whatever the jitter', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
        const { middleMs, dueMs } = nextBeat(rhythm(random), 5000, 5000);

        assert.equal(middleMs, 6000);
        assert.ok(Math.abs(dueMs - middleMs) <= 100);
      }),
    );
  });

  it('leaves out beats that have passed by', () => {
    assert.equal(nextBeat(rhythm(0.5), 5000, 8500).middleMs, 9000);
  });
});

describe('turnMs', () => {
  for (const [intervalMs, targets, expectedMs] of [
    [1000, 0, 50],
    [1000, 10, 50],
    [1000, 10_000, 6],
    [20, 1000, 1],
    [40, 1, 5],
    [1, 1, 1],
  ] as const)
    it(`is ${expectedMs} ms for ${targets} targets every ${intervalMs} ms`, () => {
      assert.equal(turnMs(intervalMs, targets), expectedMs);
    });
});
