import assert from 'node:assert/strict';
import { withoutClockSteps } from '../../../../../receivers/log-tailer/clock/clock-steps.ts';

const bootId = 'a'.repeat(32);
const second = 1_000_000_000n;

describe('withoutClockSteps()', () => {
  it('places what happened before the clock was set by how long it was before', () => {
    const before = { bootId, monotonicUs: 2_000_000, atUnixNs: 100n * second };
    const after = { bootId, monotonicUs: 5_000_000, atUnixNs: 5000n * second };

    assert.deepEqual(withoutClockSteps([before, after]), [
      { ...before, atUnixNs: 4997n * second },
      after,
    ]);
  });

  it('leaves what differs by less than a tenth of a second', () => {
    const items = [
      { bootId, monotonicUs: 2_000_000, atUnixNs: 100n * second },
      { bootId, monotonicUs: 5_000_000, atUnixNs: 103n * second + second / 20n },
    ];

    assert.deepEqual(withoutClockSteps(items), items);
  });

  it('keeps boots apart', () => {
    const items = [
      { bootId, monotonicUs: 2_000_000, atUnixNs: 100n * second },
      { bootId: 'b'.repeat(32), monotonicUs: 5_000_000, atUnixNs: 9000n * second },
    ];

    assert.deepEqual(withoutClockSteps(items), items);
  });

  it('leaves what knows no boot or no time since it', () => {
    const items = [
      { atUnixNs: 100n * second, monotonicUs: 1 },
      { atUnixNs: 100n * second, bootId },
      { bootId, monotonicUs: 5_000_000, atUnixNs: 9000n * second },
    ];

    assert.deepEqual(withoutClockSteps(items), items);
  });
});
