import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { separateBoots, type KnownBoot } from '../../../../../receivers/log-tailer/boot/boots.ts';
import type { Occurrence } from '../../../../../receivers/log-tailer/core/occurrence.ts';
import { bootNs, definitions, goodBoot, occurred, secondNs } from './samples.ts';

const [idA, idB] = ['a'.repeat(32), 'b'.repeat(32)];

const later = (occurrences: readonly Occurrence[], seconds: number, rest: Partial<Occurrence>) =>
  occurrences.map((each) => ({
    ...each,
    atUnixNs: each.atUnixNs + BigInt(seconds) * secondNs,
    ...rest,
  }));

const shape = (occurrences: readonly Occurrence[], known: readonly KnownBoot[] = []) =>
  separateBoots(occurrences, definitions, known).map(({ id, startUnixNs, occurrences: own }) => ({
    id,
    startS: startUnixNs === undefined ? undefined : Number(startUnixNs - bootNs) / 1e9,
    events: own.map(({ event }) => event),
  }));

describe('separateBoots', () => {
  it('takes two boots of one log apart by the starts of the kernel', () => {
    const second = later(goodBoot, 3000, {});

    assert.deepEqual(
      shape([...goodBoot, ...second]).map(({ startS, events }) => [startS, events.length]),
      [
        [0, goodBoot.length],
        [3000, goodBoot.length],
      ],
    );
  });

  it('takes boots apart by their ids, which begin where the monotonic clock did', () => {
    const first = occurred('kubelet_start', 7, { bootId: idA, monotonicUs: 6_500_000 });
    const second = occurred('kubelet_start', 9, { bootId: idB, monotonicUs: 1_000_000 });

    assert.deepEqual(shape([second, first]), [
      { id: idA, startS: 0.5, events: ['kubelet_start'] },
      { id: idB, startS: 8, events: ['kubelet_start'] },
    ]);
  });

  it('puts what names no boot into the one that had begun, by the precision of its time', () => {
    const journal = [
      occurred('kubelet_start', 7, { bootId: idA, monotonicUs: 6_500_000 }),
      occurred('kubelet_start', 600, { bootId: idB, monotonicUs: 9_700_000 }),
    ];
    const cut = occurred('node_ready', 590, { source: 'K8s' });

    assert.deepEqual(
      shape([...journal, cut]).map(({ id, events }) => [id, events]),
      [
        [idA, ['kubelet_start']],
        [idB, ['kubelet_start', 'node_ready']],
      ],
    );
  });

  it('takes a start that a second log stamped later for the same one', () => {
    const journal = occurred('kubelet_start', 7, {
      source: 'Journal',
      bootId: idA,
      monotonicUs: 7_000_000,
    });

    const boots = shape([journal, occurred('vm_initialized', 11), occurred('node_ready', 20)]);

    assert.deepEqual(
      boots.map(({ id, events }) => [id, events]),
      [[idA, ['kubelet_start', 'vm_initialized', 'node_ready']]],
    );
  });

  it('takes two starts of one log for two boots, however soon the second came', () => {
    const boots = shape([occurred('vm_initialized', 0), occurred('vm_initialized', 40)]);

    assert.equal(boots.length, 2);
  });

  it('takes the same line of two files for one start', () => {
    const boots = shape([occurred('vm_initialized', 0), occurred('vm_initialized', 0)]);

    assert.equal(boots.length, 1);
  });

  it('puts what precedes a boot into the next, within an hour', () => {
    const pending = occurred('instance_pending', -9, { source: 'EC2 IMDS' });
    const ofDaysAgo = occurred('instance_pending', -90_000, { source: 'EC2 IMDS' });
    const second = later(goodBoot, 3000, {});

    const boots = shape([ofDaysAgo, pending, ...goodBoot, ...second]);

    assert.deepEqual(
      boots.map(({ startS, events }) => [startS, events[0]]),
      [
        [undefined, 'instance_pending'],
        [0, 'instance_pending'],
        [3000, 'vm_initialized'],
      ],
    );
  });

  it('keeps what came before the first start it knows apart', () => {
    const boots = shape([occurred('node_ready', -500), ...goodBoot]);

    assert.deepEqual(
      boots.map(({ startS, events }) => [startS, events.length]),
      [
        [undefined, 1],
        [0, goodBoot.length],
      ],
    );
  });

  it('has one boot without a start where nothing tells of any', () => {
    const boots = shape([occurred('node_ready', 18, { source: 'K8s' })]);

    assert.deepEqual(boots, [{ id: undefined, startS: undefined, events: ['node_ready'] }]);
  });

  it('knows the running boot beforehand', () => {
    const known = [{ id: idA, startUnixNs: bootNs - secondNs }];

    const boots = shape(goodBoot, known);

    assert.deepEqual(
      boots.map(({ id, events }) => [id, events.length]),
      [[idA, goodBoot.length]],
    );
  });

  it('loses and doubles nothing', () => {
    const any = fc.array(
      fc.record({
        event: fc.constantFrom(...definitions.map(({ metric }) => metric)),
        source: fc.constantFrom('Messages', 'K8s', 'Journal'),
        atS: fc.integer({ min: -10_000, max: 10_000 }),
        bootId: fc.constantFrom(undefined, idA, idB),
      }),
    );
    fc.assert(
      fc.property(any, (list) => {
        const occurrences = list.map(({ event, source, atS, bootId }) =>
          occurred(event, atS, { source, ...(bootId === undefined ? {} : { bootId }) }),
        );

        const boots = separateBoots(occurrences, definitions);

        assert.equal(
          boots.reduce((sum, boot) => sum + boot.occurrences.length, 0),
          occurrences.length,
        );
        assert.deepEqual(new Set(boots.flatMap((boot) => boot.occurrences)), new Set(occurrences));
      }),
    );
  });
});
