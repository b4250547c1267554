import assert from 'node:assert/strict';
import { runSchedules } from './run-schedules.ts';

describe('following through random schedules of writing, rotation, truncation and restarts', function () {
  this.timeout(120_000);

  it('loses and doubles no line but where that is stated', async () => {
    const result = await runSchedules({ seed: 42, count: 60, atOnce: 60, ends: ['stop'] });

    assert.deepEqual(result.failed, []);
    assert.ok(result.lostAsStated < result.written / 2, `${result.lostAsStated} lines lost`);
    assert.equal(result.doubledAsStated, 0);
  });

  it('does so where it is killed', async () => {
    const result = await runSchedules({ seed: 43, count: 8, atOnce: 8, ends: ['kill'] });

    assert.deepEqual(result.failed, []);
    assert.ok(result.killed > 0);
  });
});
