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
});
