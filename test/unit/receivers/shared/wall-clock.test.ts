import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { createWallClock } from '../../../../receivers/shared/wall-clock.ts';

const startNs = 1_800_000_000_000_000_000n;

describe('createWallClock', () => {
  it('stays within the millisecond that the system shows, whatever its drift and steps', () => {
    const moves = fc.array(
      fc.record({
        elapsedNs: fc.bigInt(0n, 50_000_000n),
        steppedNs: fc.bigInt(-20_000_000n, 20_000_000n),
      }),
    );
    fc.assert(
      fc.property(moves, fc.bigInt(-5_000_000n, 5_000_000n), (sequence, guessErrorNs) => {
        let monotonicNs = 123_456n;
        let systemNs = startNs;
        const clock = createWallClock({
          monotonicNs: () => monotonicNs,
          systemMs: () => Number(systemNs / 1_000_000n),
          firstGuessNs: () => systemNs + guessErrorNs,
        });
        for (const { elapsedNs, steppedNs } of sequence) {
          monotonicNs += elapsedNs;
          systemNs += elapsedNs + steppedNs;

          assert.equal(clock.nowNs() / 1_000_000n, systemNs / 1_000_000n);
        }
      }),
    );
  });

  it('advances with the monotonic clock between the milliseconds of the system', () => {
    let monotonicNs = 0n;
    const clock = createWallClock({
      monotonicNs: () => monotonicNs,
      systemMs: () => Number(startNs / 1_000_000n),
      firstGuessNs: () => startNs + 100n,
    });
    const first = clock.nowNs();
    monotonicNs += 250_000n;

    assert.equal(clock.nowNs() - first, 250_000n);
  });
});
