import assert from 'node:assert/strict';
import { runSoak, type Soaked } from '../../bench/soak/run-soak.ts';
import { probePods } from '../support/cluster.ts';
import { nodeNames } from '../support/components.ts';

const forMs = 45_000;

/** A share of `npm run soak`. */
describe('probes for three quarters of a minute', function () {
  this.timeout(180_000);
  let soaked: Soaked;

  before(async () => {
    soaked = await runSoak(forMs);
  });

  it('all leave a complete trace', () => {
    const { finished, tally } = soaked;

    assert.deepEqual([...tally.incomplete], []);
    assert.ok(tally.complete >= finished && finished >= forMs / 2000, `${finished} probes`);
  });

  it('hold no more descriptors from one minute to the next', () => {
    const { samples } = soaked;
    const [first, last] = [samples[1] ?? [], samples.at(-1) ?? []];

    assert.equal(last.length, 2 * nodeNames().length + 2);
    for (const { who, descriptors } of last) {
      const before = first.find((held) => held.who === who)?.descriptors ?? 0;
      assert.ok(descriptors <= before + 5, `${who}: ${before}, then ${descriptors}`);
    }
  });

  it('leave no pod', async () => assert.deepEqual(await probePods(), []));
});
