import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { alignClocks } from '../../../../../receivers/log-tailer/boot/align-clocks.ts';
import { startupActivities } from '../../../../../receivers/log-tailer/boot/startup.ts';
import type { UnitMoment } from '../../../../../receivers/log-tailer/core/unit-moment.ts';
import { unitActivities } from '../../../../../receivers/log-tailer/boot/unit-activities.ts';
import { bootNs, occurred, secondNs } from './samples.ts';

const bootId = 'a'.repeat(32);
const by = (event: string, wallS: number, monotonicS: number, id = bootId) =>
  occurred(event, wallS, { bootId: id, monotonicUs: monotonicS * 1e6, precisionNs: 1000 });

const secondsOf = (list: readonly { readonly atUnixNs: bigint }[]) =>
  list.map(({ atUnixNs }) => Number(atUnixNs - bootNs) / 1e9);

describe('alignClocks', () => {
  it('moves what happened before the clock was set to where it was by the clock as it went on', () => {
    const beforeStep = [by('vm_initialized', -3600, 0), by('network_start', -3595, 5)];
    const afterStep = [by('kubelet_start', 10, 10), by('node_ready', 30, 30)];

    assert.deepEqual(secondsOf(alignClocks([...beforeStep, ...afterStep])), [0, 5, 10, 30]);
  });

  it('leaves what a clock that was not set says, and what has no monotonic time', () => {
    const all = [by('vm_initialized', 0.0004, 0), occurred('x', 7), by('node_ready', 30, 30)];

    assert.deepEqual(alignClocks(all), all);
  });

  it('takes each boot for itself', () => {
    const all = [by('a', 0, 0), by('b', 10, 10), by('a', 5000, 0, 'b'.repeat(32))];

    assert.deepEqual(alignClocks(all), all);
  });

  it('keeps distances of the monotonic clock, whatever steps the clock makes', () => {
    const times = fc.array(
      fc.record({
        monotonicMs: fc.integer({ min: 0, max: 1e6 }),
        stepMs: fc.integer({ min: -1e8, max: 1e8 }),
      }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(times, (list) => {
        const all = list.map(({ monotonicMs, stepMs }) =>
          by('e', (monotonicMs + stepMs) / 1000, monotonicMs / 1000),
        );

        const aligned = alignClocks(all);

        const offsets = aligned.map(
          ({ atUnixNs, monotonicUs = 0 }) => atUnixNs - BigInt(Math.round(monotonicUs * 1000)),
        );
        const [first = 0n] = offsets;
        assert.ok(offsets.every((each) => each - first < 2_000_000n && first - each < 2_000_000n));
      }),
    );
  });
});

describe('startupActivities', () => {
  const lengths = (comment: string) =>
    startupActivities(occurred('startup_finished', 20, { comment })).map(
      ({ kind, fromUnixNs, toUnixNs }) => [
        kind,
        Number(fromUnixNs - bootNs) / 1e9,
        Number(toUnixNs - bootNs) / 1e9,
      ],
    );

  it('tells kernel, initrd and userspace, which end with the line', () => {
    assert.deepEqual(
      lengths(
        'systemd[1]: Startup finished in 1.530s (kernel) + 2.120s (initrd) + 8.350s (userspace) = 12.000s.',
      ),
      [
        ['userspace', 11.65, 20],
        ['initrd', 9.53, 11.65],
        ['kernel', 8, 9.53],
      ],
    );
  });

  it('reads minutes and milliseconds, and leaves firmware and loader out', () => {
    assert.deepEqual(
      lengths(
        'Startup finished in 3s (firmware) + 80ms (loader) + 250ms (kernel) + 1min 2.5s (userspace) = 1min 5.830s.',
      ),
      [
        ['userspace', -42.5, 20],
        ['kernel', -42.75, -42.5],
      ],
    );
  });

  it('tells nothing of another line', () => {
    assert.deepEqual(lengths('Startup finished in no time'), []);
    assert.deepEqual(startupActivities(occurred('startup_finished', 20)), []);
  });
});

describe('unitActivities', () => {
  const moment = (unit: string, phase: UnitMoment['phase'], seconds: number): UnitMoment => ({
    unit,
    phase,
    source: 'Journal',
    atUnixNs: bootNs + BigInt(seconds) * secondNs,
    precisionNs: 1000,
  });

  it('tells units from their begin to their end, in whatever order they were heard', () => {
    const found = unitActivities([
      moment('b.service', 'done', 9),
      moment('a.service', 'begins', 1),
      moment('b.service', 'begins', 2),
      moment('a.service', 'failed', 4),
      moment('a.service', 'begins', 5),
      moment('a.service', 'done', 6),
      moment('network.target', 'done', 3),
      moment('c.service', 'begins', 8),
    ]);

    assert.deepEqual(
      found.map(({ name, fromUnixNs, toUnixNs, failure }) => [
        name,
        Number(fromUnixNs - bootNs) / 1e9,
        Number(toUnixNs - bootNs) / 1e9,
        failure,
      ]),
      [
        ['a.service', 1, 4, 'systemd failed to start it'],
        ['a.service', 5, 6, undefined],
        ['b.service', 2, 9, undefined],
      ],
    );
  });
});
