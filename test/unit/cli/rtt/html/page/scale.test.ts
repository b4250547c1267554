import assert from 'node:assert/strict';
import fc from 'fast-check';
import { heats, scaleOf } from '../../../../../../cli/rtt/html/page/scale.ts';
import { nodeMatrix } from '../../../../../../cli/rtt/matrix.ts';
import { allLost, meshCell, meshReport } from '../../../../../support/mesh-report.ts';

describe('scaleOf()', () => {
  const spread = nodeMatrix(
    meshReport({ nodes: 2 }, { pairs: [meshCell(0, 1, 100e-6), meshCell(1, 0, 12.8e-3)] }),
  );

  it('spreads times over all colours, in equal ratios', () => {
    const scale = scaleOf(spread, 'mean');

    assert.equal(scale.unit, 'ms');
    assert.deepEqual(scale.edges, ['200 µs', '400 µs', '800 µs', '1.60 ms', '3.20 ms', '6.40 ms']);
    assert.deepEqual([100e-6, 250e-6, 1e-3, 12.8e-3].map(scale.heatOf), [0, 1, 3, 6]);
    assert.equal(scale.numberOf(12.8e-3), '12.8');
  });

  it('does not spread times that hardly differ', () => {
    const scale = scaleOf(nodeMatrix(meshReport({ nodes: 5 })), 'mean');

    assert.ok(scale.heatOf(119e-6) <= 1, `${scale.heatOf(119e-6)}`);
  });

  it('has a scale of its own for losses', () => {
    const scale = scaleOf(spread, 'loss');
    const shares = [0, 0.0005, 0.001, 0.02, 0.1, 0.5, 1];

    assert.equal(scale.unit, '%');
    assert.equal(scale.edges.length, heats - 1);
    assert.deepEqual(shares.map(scale.heatOf), [0, 1, 2, 3, 4, 5, 6]);
    assert.equal(scale.numberOf(0.5), '50');
  });

  for (const measure of ['mean', 'max', 'last', 'loss'] as const)
    it(`knows what to do where nothing came back (${measure})`, () => {
      const pairs = [meshCell(0, 1, 0, allLost)];

      const scale = scaleOf(nodeMatrix(meshReport({ nodes: 2 }, { pairs })), measure);

      assert.equal(scale.edges.length, heats - 1);
      assert.equal(scale.heatOf(1), heats - 1);
    });

  it('has a colour for every time', () => {
    const seconds = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, (a, b) => {
        const pairs = [meshCell(0, 1, a), meshCell(1, 0, b)];
        const scale = scaleOf(nodeMatrix(meshReport({ nodes: 2 }, { pairs })), 'mean');

        assert.ok(scale.heatOf(Math.min(a, b)) <= scale.heatOf(Math.max(a, b)));
        assert.ok(scale.heatOf(Math.max(a, b)) < heats);
      }),
    );
  });
});
