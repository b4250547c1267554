import assert from 'node:assert/strict';

import { createSemaphore } from '../../../../receivers/shared/semaphore.ts';

describe('createSemaphore', () => {
  it('lets no more holders in than it has places, in order of arrival', async () => {
    const semaphore = createSemaphore(2);
    const entered: number[] = [];
    const enter = async (who: number): Promise<void> => {
      await semaphore.acquire();
      entered.push(who);
    };
    await Promise.all([enter(1), enter(2)]);
    const third = enter(3);
    const fourth = enter(4);
    semaphore.release();
    await third;

    assert.deepEqual(entered, [1, 2, 3]);
    semaphore.release();
    await fourth;
    assert.deepEqual(entered, [1, 2, 3, 4]);
  });

  it('lets nobody in whose signal ended, and gives the place to the next', async () => {
    const semaphore = createSemaphore(1);
    await semaphore.acquire();
    const stop = new AbortController();
    const impatient = semaphore.acquire(stop.signal);
    const patient = semaphore.acquire();
    stop.abort();
    semaphore.release();

    assert.deepEqual(await Promise.all([impatient, patient]), ['ended', 'held']);
    assert.equal(await semaphore.acquire(stop.signal), 'ended');
  });
});
