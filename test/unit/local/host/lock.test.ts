import assert from 'node:assert/strict';
import { LocalClusterError } from '../../../../local/errors.ts';
import { lockCluster } from '../../../../local/host/lock.ts';

describe('lockCluster()', () => {
  const folder = `/test/${process.pid}`;

  it('refuses a second holder, naming the cluster', async () => {
    using _held = await lockCluster(folder);

    await assert.rejects(
      lockCluster(folder),
      (error) => error instanceof LocalClusterError && error.message.includes(folder),
    );
  });

  it('does not mind a holder for another cluster', async () => {
    using _one = await lockCluster(folder);
    using _two = await lockCluster(`${folder}/two`);
  });

  it('can be taken again once it is given back', async () => {
    (await lockCluster(folder))[Symbol.dispose]();

    (await lockCluster(folder))[Symbol.dispose]();
  });
});
