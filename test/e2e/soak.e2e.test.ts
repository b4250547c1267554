import assert from 'node:assert/strict';
import { roundSeconds, runSoak, type Soaked } from '../../bench/soak/run-soak.ts';
import { probePods } from '../support/cluster.ts';
import { containersOfAgent, nodeNames } from '../support/components.ts';

const forMs = 45_000;

/** A share of `npm run soak`. */
describe('probes for three quarters of a minute', function () {
  this.timeout(180_000);
  let soaked: Soaked;

  before(async () => {
    soaked = await runSoak(forMs);
  });

  it('all leave a complete trace', () => {
    const { probes } = soaked;

    assert.deepEqual(
      [...probes].filter(([, missing]) => missing !== null),
      [],
    );
    assert.ok(probes.size >= forMs / 2000, `${probes.size} probes`);
  });

  it('leave no pod while they go on', () => {
    assert.ok(soaked.mostPods <= roundSeconds, `${soaked.mostPods} at a time`);
  });

  it('restart nothing, and hold no more descriptors at the end than at the beginning', () => {
    const [first, last] = [soaked.samples[1] ?? [], soaked.samples.at(-1) ?? []];

    assert.equal(last.length, containersOfAgent * nodeNames().length + 2);
    for (const { who, descriptors, restarts } of last) {
      const before = first.find((held) => held.who === who);
      assert.ok(before, who);
      assert.equal(restarts, before.restarts, who);
      assert.ok(descriptors <= before.descriptors + 5, `${who}: ${descriptors}`);
    }
  });

  it('leave no pod afterwards', async () => assert.deepEqual(await probePods(), []));
});
