import assert from 'node:assert/strict';
import type { Faults } from '../../../bench/rtt-mesh/faults.ts';
import { seeded } from '../../../bench/rtt-mesh/seeded.ts';
import { simulateMesh, type MeshResult } from '../../../bench/rtt-mesh/simulate.ts';

/** Beyond what the aggregator keeps by pair, so that verdicts are those of a large mesh. */
function simulated(faults: Faults, seconds = 90): MeshResult {
  return simulateMesh({ nodes: 250, zones: 5, seconds, faults, random: seeded(7) });
}

describe('simulateMesh()', function () {
  this.timeout(60_000);

  for (const { what, faults, kind } of [
    {
      what: 'a node that loses a twentieth',
      faults: { node: { at: 17, loss: 0.05 } },
      kind: 'node',
    },
    { what: 'a link that loses all', faults: { link: { from: 3, to: 200 } }, kind: 'link' },
    {
      what: 'a pair of zones that loses a twentieth',
      faults: { zones: { from: 1, to: 3, loss: 0.05 } },
      kind: 'zones',
    },
  ] as const)
    it(`has the aggregator find ${what}, and blame nobody else`, () => {
      const result = simulated(faults);

      assert.deepEqual(Object.keys(result.found), [kind]);
      assert.ok(result.verdicts > 0);
      assert.equal(result.wrong, 0);
      assert.equal(result.falselyBlamed, 0);
    });

  it('has it blame nobody where nothing is at fault', () => {
    const result = simulated({});

    assert.deepEqual(result.found, {});
    assert.equal(result.verdicts, 0);
  });

  it('has no verdict before two looks at what was measured can have agreed', () => {
    const { found } = simulated({ node: { at: 17, loss: 1 } }, 40);

    assert.ok(found.node !== undefined && found.node > 5 + 5 && found.node < 25, `${found.node}`);
  });

  it('spends no more probes than the budget', () => {
    const { mostProbesPerSecond, meanProbesPerSecond } = simulated({ node: { at: 17, loss: 0.5 } });

    assert.ok(mostProbesPerSecond <= 20);
    assert.ok(meanProbesPerSecond > 15 && meanProbesPerSecond <= 20);
  });
});
