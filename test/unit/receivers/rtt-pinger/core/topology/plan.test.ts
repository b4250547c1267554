import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  planRound,
  roundsToAll,
  steadySteps,
} from '../../../../../../receivers/rtt-pinger/core/topology/plan.ts';
import { ringOf } from '../../../../../../receivers/rtt-pinger/core/topology/ring.ts';

const sizes = fc.integer({ min: 2, max: 150 });
const zones = fc.integer({ min: 1, max: 8 });

function members(size: number, zoneCount: number) {
  return Array.from({ length: size }, (_, index) => ({
    name: `node-${index}`,
    zone: `zone-${index % zoneCount}`,
  }));
}

describe('planRound', () => {
  it('has every member probed by exactly as many as it probes, whatever the size and the round', () => {
    const inputs = [sizes, zones, fc.integer({ min: 1, max: 12 }), fc.nat(1000)] as const;
    fc.assert(
      fc.property(...inputs, (size, zoneCount, steady, round) => {
        const rules = { steady, sweep: 3 };
        const [steadyTo, sweepTo] = [new Int32Array(size), new Int32Array(size)];
        for (let from = 0; from < size; from++) {
          const plan = planRound(from, { size, zones: zoneCount }, { rules, round });
          for (const to of plan.steady) steadyTo[to] = (steadyTo[to] ?? 0) + 1;
          for (const to of plan.sweep) sweepTo[to] = (sweepTo[to] ?? 0) + 1;

          assert.ok(!plan.steady.includes(from) && !plan.sweep.includes(from));
          assert.equal(
            new Set([...plan.steady, ...plan.sweep]).size,
            plan.steady.length + plan.sweep.length,
          );
        }

        assert.deepEqual([...new Set(steadyTo)], [Math.min(steady, size - 1)]);
        assert.equal(new Set(sweepTo).size, 1);
      }),
    );
  });

  it('touches every pair within the rounds that it states', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 20 }), fc.nat(500), (size, sweep, first) => {
        const rules = { steady: 2, sweep };
        const touched = new Set<number>();
        for (let round = first; round < first + roundsToAll(size, rules); round++) {
          const plan = planRound(0, { size, zones: 1 }, { rules, round });
          for (const to of [...plan.steady, ...plan.sweep]) touched.add(to);
        }

        assert.equal(touched.size, size - 1);
      }),
    );
  });

  it('probes every zone from every zone, and about equally often', () => {
    const zoneCount = 5;
    const ring = ringOf(members(500, zoneCount));
    const counts = new Map<string, number>();
    for (let from = 0; from < ring.length; from++) {
      const shape = { size: ring.length, zones: zoneCount };
      const rules = { steady: zoneCount * 2, sweep: 1 };
      for (const to of planRound(from, shape, { rules, round: 0 }).steady) {
        const pair = `${ring[from]?.zone} ${ring[to]?.zone}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const even = (500 * zoneCount * 2) / zoneCount ** 2;

    assert.equal(counts.size, zoneCount ** 2);
    for (const [pair, count] of counts)
      assert.ok(Math.abs(count - even) <= even / 4, `${pair}: ${count}`);
  });

  it('stays connected when a third of the members do not answer', () => {
    const size = 300;
    const steps = steadySteps(size, 3, 6);
    const gone = (member: number): boolean => member % 3 === 1;
    const reached = new Set([0]);
    for (const member of reached)
      for (const step of steps) {
        const next = (member + step) % size;
        if (!gone(next)) reached.add(next);
      }

    assert.equal(reached.size, 200);
  });

  it('is empty for a member that is alone', () => {
    const rules = { steady: 3, sweep: 3 };

    assert.deepEqual(planRound(0, { size: 1, zones: 1 }, { rules, round: 0 }), {
      steady: [],
      sweep: [],
    });
  });
});

describe('ringOf', () => {
  it('is the same whatever the order that members are known in', () => {
    const some = members(40, 3);

    assert.deepEqual(ringOf(some.toReversed()), ringOf(some));
  });

  it('lets zones take turns, in proportion to their sizes', () => {
    const uneven = [
      ...members(30, 1),
      ...Array.from({ length: 10 }, (_, index) => ({ name: `other-${index}`, zone: 'zone-b' })),
    ];
    const ring = ringOf(uneven).map(({ zone }) => zone);

    for (let from = 0; from < ring.length; from += 8) {
      const others = ring.slice(from, from + 8).filter((zone) => zone === 'zone-b').length;
      assert.ok(others >= 1 && others <= 3, `${others} of 8`);
    }
  });
});
