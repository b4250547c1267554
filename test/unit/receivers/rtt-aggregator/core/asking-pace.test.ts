import assert from 'node:assert/strict';

import {
  createAskingPace,
  untilLookMs,
} from '../../../../../receivers/rtt-aggregator/core/asking-pace.ts';
import { stretchMs } from '../../../../../receivers/shared/mesh/tally-limits.ts';

/** When each of so many is asked, looked at every 10 ms from a moment on. */
function askedAt(beginMs: number, { all, forMs }: { all: number; forMs: number }): number[] {
  const pace = createAskingPace(stretchMs);
  const times: number[] = [];
  for (let nowMs = beginMs; nowMs < beginMs + forMs; nowMs += 10)
    for (let due = pace.due(nowMs, all); due > 0; due--) {
      pace.asked();
      times.push(nowMs - beginMs);
    }
  return times;
}

describe('createAskingPace()', () => {
  const begin = 1000 * stretchMs;

  it('has all asked once in each interval, evenly over the half in which stretches have just ended', () => {
    const times = askedAt(begin, { all: 50, forMs: 2 * stretchMs });

    assert.equal(times.length, 100);
    const [first, second] = [times.slice(0, 50), times.slice(50)];
    assert.ok(
      first.every((ms) => ms <= stretchMs / 2),
      `${first.at(-1)}`,
    );
    assert.ok(second.every((ms) => ms >= stretchMs && ms <= 1.5 * stretchMs));
    const gaps = first.slice(1).map((ms, index) => ms - (first[index] ?? 0));
    assert.ok(
      gaps.every((ms) => ms >= 40 && ms <= 60),
      gaps.join(' '),
    );
  });

  it('has all asked at once where it begins late in an interval', () => {
    assert.deepEqual(askedAt(begin + 0.75 * stretchMs, { all: 3, forMs: 1000 }), [0, 0, 0]);
  });

  it('has those asked who come after all were', () => {
    const pace = createAskingPace(stretchMs);
    const nowMs = begin + 0.8 * stretchMs;
    for (let due = pace.due(nowMs, 3); due > 0; due--) pace.asked();

    assert.equal(pace.due(nowMs, 3), 0);
    assert.equal(pace.due(nowMs, 4), 1);
  });

  it('makes up nothing of an interval that has passed', () => {
    const pace = createAskingPace(stretchMs);
    pace.due(begin + stretchMs / 2, 10);

    assert.equal(pace.due(begin + 3.25 * stretchMs, 10), 5);
  });
});

describe('untilLookMs()', () => {
  it('comes when all were asked and had a tenth of an interval to answer', () => {
    const nowMs = 1000 * stretchMs;

    assert.equal(untilLookMs(nowMs, stretchMs), 0.6 * stretchMs);
    assert.equal(untilLookMs(nowMs + 1000, stretchMs), 2000);
    assert.equal(untilLookMs(nowMs + 4000, stretchMs), 4000);
  });

  it('comes once an interval, also where a timer is early or late', () => {
    for (const offMs of [-3, 0, 3, 200]) {
      const lookedMs = 1000 * stretchMs + 0.6 * stretchMs + offMs;

      assert.equal(lookedMs + untilLookMs(lookedMs, stretchMs), 1001.6 * stretchMs);
    }
  });
});
