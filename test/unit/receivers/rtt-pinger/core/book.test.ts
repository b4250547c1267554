import assert from 'node:assert/strict';

import { createBook, type Book } from '../../../../../receivers/rtt-pinger/core/book.ts';
import type { ExponentialHistogram } from '../../../../../receivers/shared/metrics/exponential-histogram.ts';
import type { Point } from '../../../../../receivers/shared/metrics/families.ts';
import { lossOf } from '../../../../../receivers/rtt-pinger/core/loss.ts';
import { rttFamilies } from '../../../../../receivers/rtt-pinger/core/rtt-families.ts';
import { isSound } from '../../../../../receivers/rtt-pinger/core/pair.ts';
import type { Stamps } from '../../../../../receivers/rtt-pinger/core/record.ts';
import type { FailureReason, Sample } from '../../../../../receivers/rtt-pinger/core/sample.ts';
import type { SeriesPlan } from '../../../../../receivers/rtt-pinger/core/series-budget.ts';
import { wantedOf, type Target } from '../../../../../receivers/rtt-pinger/core/target.ts';
import { peer } from '../peers.ts';

function target(name: string, zone = 'a'): Target {
  return { ...wantedOf(peer(name, '192.0.2.1', { zone }), 'icmp', 0), gone: false };
}

const byPair: SeriesPlan = { pairs: true, seeds: true, level: { by: 'zone' }, single: 0 };
const byZone: SeriesPlan = { ...byPair, pairs: false };

type TestBook = Omit<Book, 'add'> & { readonly add: (sample: Sample) => void };

function book(
  targets: readonly Target[],
  more: { plan?: SeriesPlan; stamps?: Stamps } = {},
): TestBook {
  const { plan = byPair, stamps = 'kernel' } = more;
  const made = createBook({ nowMs: () => 0 });
  made.follow(targets, plan);
  return { ...made, add: (sample) => made.add(sample, isSound(sample, stamps)) };
}

const ok = (of: Target, rttNs: number, late = false) =>
  ({ kind: 'ok', target: of, rttNs, late }) as const;
const failed = (of: Target, reason: FailureReason) =>
  ({ kind: 'failed', target: of, reason, late: false }) as const;

function values(of: TestBook, name: string): unknown[] {
  const origin = {
    node: 'here',
    zone: 'a',
    rack: '',
    methodOf: () => ({ method: 'icmp', stamps: 'kernel' }),
  };
  const family = rttFamilies({ ...of, add: () => undefined }, origin).find(
    (each) => each.name === name,
  );
  return Array.from<Point<number | ExponentialHistogram>, unknown>(
    family?.points ?? [],
    ({ labels, value }) => [
      labels['destination.node'] ?? labels['destination.zone'],
      labels['error.type'] ?? labels['outcome'],
      typeof value === 'number' ? value : value.count,
    ],
  );
}

describe('createBook', () => {
  it('gives only successes a duration, and counts failures by reason', () => {
    const worker = target('worker');
    const kept = book([worker]);
    kept.add(ok(worker, 1e6));
    kept.add(failed(worker, 'timeout'));
    kept.add(failed(worker, 'timeout'));
    kept.add(failed(worker, 'unreachable'));

    assert.deepEqual(values(kept, 'kube_latency.rtt.duration'), [['worker', undefined, 1]]);
    assert.deepEqual(values(kept, 'kube_latency.rtt.probes'), [
      ['worker', 'ok', 1],
      ['worker', 'timeout', 2],
      ['worker', 'unreachable', 1],
    ]);
    assert.deepEqual(values(kept, 'kube_latency.rtt.loss'), [['worker', undefined, 0.75]]);
  });

  for (const [stamps, durations] of [
    ['kernel', 2],
    ['user', 1],
  ] as const)
    it(`tells ${durations} of two durations by the ${stamps}'s stamps when the loop was late for one`, () => {
      const worker = target('worker');
      const kept = book([worker], { stamps });
      kept.add(ok(worker, 1e6));
      kept.add(ok(worker, 9e6, true));

      assert.deepEqual(values(kept, 'kube_latency.rtt.duration'), [
        ['worker', undefined, durations],
      ]);
      assert.deepEqual(values(kept, 'kube_latency.rtt.late'), [['worker', undefined, 1]]);
      assert.deepEqual(values(kept, 'kube_latency.rtt.probes'), [['worker', 'ok', 2]]);
    });

  it('tells no duration that a late event loop timed although the others are the kernel’s', () => {
    const worker = target('worker');
    const kept = book([worker], { stamps: 'kernel' });
    kept.add({ ...ok(worker, 9e6, true), timedBy: 'user' });

    assert.deepEqual(values(kept, 'kube_latency.rtt.duration'), []);
  });

  it('ends the series of a peer that has gone, and keeps those of the others', () => {
    const [one, two] = [target('one'), target('two')];
    const kept = book([one, two]);
    kept.add(ok(one, 1e6));
    kept.add(ok(two, 1e6));
    kept.follow([two], byPair);
    kept.add(ok(one, 1e6));

    assert.deepEqual(values(kept, 'kube_latency.rtt.probes'), [['two', 'ok', 1]]);
  });

  it('tells zones instead of pairs where the plan says so, and pairs again', () => {
    const many = [target('one', 'a'), target('two', 'b'), target('three', 'b')];
    const kept = book(many, { plan: byZone });
    for (const each of many) kept.add(ok(each, 1e6));

    assert.deepEqual(values(kept, 'kube_latency.rtt.probes'), [
      ['a', 'ok', 1],
      ['b', 'ok', 2],
    ]);

    kept.follow(many.slice(0, 2), byPair);
    kept.add(ok(target('one', 'a'), 1e6));

    assert.deepEqual(values(kept, 'kube_latency.rtt.duration'), [['one', undefined, 1]]);
  });

  it('forgets a loss after two stretches of time', () => {
    const worker = target('worker');
    const kept = book([worker]);
    kept.add(failed(worker, 'timeout'));
    kept.rotate();
    kept.add(ok(worker, 1e6));

    assert.deepEqual(values(kept, 'kube_latency.rtt.loss'), [['worker', undefined, 0.5]]);

    kept.rotate();

    assert.deepEqual(values(kept, 'kube_latency.rtt.loss'), [['worker', undefined, 0]]);

    kept.rotate();

    assert.deepEqual(values(kept, 'kube_latency.rtt.loss'), []);
  });

  it('tells the mean difference of one round trip and the next', () => {
    const worker = target('worker');
    const kept = book([worker]);
    for (const rttNs of [1e6, 3e6, 1e6]) kept.add(ok(worker, rttNs));

    assert.deepEqual(values(kept, 'kube_latency.rtt.jitter'), [['worker', undefined, 0.002]]);
  });

  it('has no loss before anything was sent', () => {
    assert.equal(lossOf({ sent: 0, lost: 0, sentBefore: 0, lostBefore: 0 }), undefined);
  });
});
