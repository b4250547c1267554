import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { chooseMesh } from '../../../../../../receivers/rtt-pinger/core/topology/choice.ts';

const limits = { full: 200, probesPerSecond: 20 };

describe('chooseMesh', () => {
  for (const [targets, intervalMs, kind] of [
    [20, 1000, 'full'],
    [21, 1000, 'bounded'],
    [100, 5000, 'full'],
    [101, 5000, 'bounded'],
    [200, 60_000, 'full'],
    [201, 60_000, 'bounded'],
  ] as const)
    it(`is ${kind} for ${targets} targets every ${intervalMs / 1000} s with 20 probes a second and at most 200`, () => {
      assert.equal(chooseMesh(targets, intervalMs, limits).kind, kind);
    });

  it('probes 10,000 targets in every interval where both limits say so', () => {
    const wide = { full: 10_000, probesPerSecond: 10_000 };

    assert.deepEqual(chooseMesh(10_000, 1000, wide), { kind: 'full', roundMs: 1000 });
  });

  for (const [intervalMs, probesPerSecond, roundMs, steady, sweep, suspects] of [
    [1000, 20, 1000, 6, 10, 4],
    [5000, 20, 5000, 30, 50, 20],
    [1000, 4, 1000, 1, 2, 1],
    [1000, 1, 4000, 1, 2, 1],
    [100, 20, 200, 1, 2, 1],
    [10, 20, 200, 1, 2, 1],
  ] as const)
    it(`shares ${probesPerSecond} probes a second at ${intervalMs} ms as ${steady}, ${sweep} and ${suspects} in ${roundMs} ms`, () => {
      assert.deepEqual(chooseMesh(5000, intervalMs, { ...limits, probesPerSecond }), {
        kind: 'bounded',
        roundMs,
        plan: { steady, sweep },
        suspects,
      });
    });

  it('takes what is set instead of its share', () => {
    const set = { ...limits, steady: 3, suspects: 0 };

    assert.deepEqual(chooseMesh(5000, 1000, set), {
      kind: 'bounded',
      roundMs: 1000,
      plan: { steady: 3, sweep: 10 },
      suspects: 0,
    });
  });

  it('keeps within its budget of probes, and leaves no part without any', () => {
    const intervals = fc.integer({ min: 10, max: 600_000 });
    const budgets = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(intervals, budgets, (intervalMs, probesPerSecond) => {
        const choice = chooseMesh(1_000_000_000, intervalMs, { full: 1, probesPerSecond });
        assert.equal(choice.kind, 'bounded');
        const { plan, suspects, roundMs } = choice;
        const probes = plan.steady + plan.sweep + suspects;

        assert.ok((probes / roundMs) * 1000 <= probesPerSecond + 1e-6);
        assert.ok(Math.min(plan.steady, plan.sweep, suspects) >= 1);
        assert.ok((roundMs / intervalMs) % 1 < 1e-9);
      }),
    );
  });
});
