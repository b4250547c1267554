import assert from 'node:assert/strict';

import { createLossLog } from '../../../../receivers/shared/telemetry-loss.ts';

describe('createLossLog', () => {
  const quiet = () => undefined;
  let warned: object[];
  let nowMs: number;

  function lossLog() {
    warned = [];
    nowMs = 0;
    const warn = (fields: object) => warned.push(fields);
    return createLossLog({ debug: quiet, info: quiet, error: quiet, warn }, () => nowMs);
  }

  it('complains at once, then at most once a minute with how many were held back', () => {
    const losses = lossLog();
    for (const at of [0, 1000, 59_999, 60_000, 60_001]) {
      nowMs = at;
      losses.complain({ at }, 'trouble');
    }

    assert.deepEqual(warned, [{ at: 0 }, { at: 60_000, heldBack: 2 }]);
  });

  it('tells a loss although there was another complaint just before, but not what repeats it', () => {
    const losses = lossLog();
    losses.complain({}, 'trouble');
    losses.lose({ signal: 'traces', reason: 'timeout', count: 1 }, 'away');
    nowMs = 60_000 - 1;
    losses.complain({}, 'away');
    losses.lose({ signal: 'traces', reason: 'timeout', count: 1 }, 'away');
    nowMs = 60_000;
    losses.lose({ signal: 'traces', reason: 'timeout', count: 1 }, 'away');

    const loss = { signal: 'traces', reason: 'timeout', why: 'away' };
    assert.deepEqual(warned, [{}, { ...loss, total: 1 }, { ...loss, total: 3 }]);
  });

  it('counts what it does not say, by signal and reason', () => {
    const losses = lossLog();
    losses.lose({ signal: 'traces', reason: 'timeout', count: 512 }, 'away');
    losses.lose({ signal: 'traces', reason: 'timeout', count: 8 }, 'away');
    losses.lose({ signal: 'metrics', reason: 'refused', count: 1 }, 'no');

    assert.equal(warned.length, 1);
    assert.deepEqual(losses.losses(), [
      { signal: 'traces', reason: 'timeout', count: 520 },
      { signal: 'metrics', reason: 'refused', count: 1 },
    ]);
  });

  it('leaves it to the outcome of the shutdown once that has begun', () => {
    const losses = lossLog();
    losses.close();
    losses.lose({ signal: 'traces', reason: 'stopped', count: 1 }, 'away');

    assert.deepEqual(warned, []);
    assert.equal(losses.losses().length, 1);
  });
});
