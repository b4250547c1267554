import assert from 'node:assert/strict';

import { createAllowance } from '../../../../../receivers/rtt-pinger/core/allowance.ts';
import { countFailure, type Failures } from '../../../../../receivers/rtt-pinger/core/failures.ts';
import { nextMedian, outlierOf } from '../../../../../receivers/rtt-pinger/core/outlier.ts';
import { createSpotlight } from '../../../../../receivers/rtt-pinger/core/spotlight.ts';
import { wantedOf } from '../../../../../receivers/rtt-pinger/core/target.ts';
import { peer } from '../peers.ts';

const target = { ...wantedOf(peer('worker', '192.0.2.1'), 'icmp', 0), gone: false };
const ok = (rttNs: number) => ({ kind: 'ok', target, rttNs, late: false }) as const;
const failed = { kind: 'failed', target, reason: 'timeout', late: false } as const;

describe('outlierOf', () => {
  const usual = { ok: 20, medianNs: 200_000, wasLost: false };

  for (const [title, before, sample, sound, expected] of [
    ['8 times the median', usual, ok(1_600_001), true, 'slow'],
    ['less than that', usual, ok(1_600_000), true, undefined],
    ['many times the median, but not 1 ms', { ...usual, medianNs: 1000 }, ok(1e6), true, undefined],
    ['a time that is not sound', usual, ok(1e9), false, undefined],
    ['a slow one while little is known', { ...usual, ok: 19 }, ok(1e9), true, undefined],
    ['the first failure after a success', usual, failed, false, 'failed'],
    ['a failure after a failure', { ...usual, wasLost: true }, failed, false, undefined],
    ['a failure of who never answered', { ...usual, ok: 0 }, failed, false, undefined],
  ] as const)
    it(`says ${expected ?? 'nothing'} for ${title}`, () => {
      assert.equal(outlierOf(before, sample, sound), expected);
    });
});

describe('nextMedian', () => {
  const settle = (values: readonly number[], from = 0): number => values.reduce(nextMedian, from);

  it('begins with the first value', () => {
    assert.equal(nextMedian(0, 123), 123);
  });

  it('comes near the median, whatever the size of the outliers', () => {
    const values = Array.from({ length: 3000 }, (_, index) =>
      index % 10 === 0 ? 1e9 : 90 + ((index * 7919) % 21),
    );
    const median = settle(values);

    assert.ok(median > 90 && median < 112, String(median));
  });

  it('follows a lasting change by a factor of 8 within 43 values', () => {
    const values = Array.from({ length: 43 }, () => 800);

    assert.ok(settle(values, 100) > 760);
    assert.ok(
      settle(
        values.map(() => 100),
        800,
      ) < 105,
    );
  });
});

describe('createAllowance', () => {
  it('allows a burst, then so many a second', () => {
    const allowed = createAllowance({ burst: 3, perSecond: 2 });
    const at = (nowMs: number, many: number): number =>
      Array.from({ length: many }, () => allowed(nowMs)).filter(Boolean).length;

    assert.equal(at(0, 10), 3);
    assert.equal(at(400, 10), 0);
    assert.equal(at(500, 10), 1);
    assert.equal(at(1500, 10), 2);
    assert.equal(at(1e9, 10), 3);
  });
});

describe('createSpotlight', () => {
  it('shows who is at fault, and then who had three outliers in a while', () => {
    const spotlight = createSpotlight();
    const shown = (nowMs: number, most = 10): string[] => [
      ...spotlight.shown(new Set(['guilty']), most, nowMs),
    ];
    for (const nowMs of [0, 1000, 2000]) spotlight.note('slow', nowMs);
    for (const nowMs of [0, 1000]) spotlight.note('once', nowMs);

    assert.deepEqual(shown(2000), ['guilty', 'slow']);
    assert.deepEqual(shown(2000, 1), ['guilty']);
    assert.deepEqual(shown(302_001), ['guilty']);
  });

  it('remembers a bounded number', () => {
    const spotlight = createSpotlight();
    for (let round = 0; round < 3; round++)
      for (let pair = 0; pair < 1000; pair++) spotlight.note(String(pair), 0);

    assert.equal(spotlight.shown(new Set(), 1000, 0).size, 256);
  });
});

describe('countFailure', () => {
  it('tells timeouts and the reasons that came first apart, and counts the rest as other', () => {
    const failures: Failures = new Map();
    for (const reason of ['refused', 'other', 'reset', 'timeout', 'refused', 'no_buffer'] as const)
      countFailure(failures, reason, 1);

    assert.deepEqual(Object.fromEntries(failures), { refused: 2, other: 3, timeout: 1 });
  });
});
