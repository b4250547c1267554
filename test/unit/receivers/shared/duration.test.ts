import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { formatDuration, parseDuration } from '../../../../receivers/shared/duration.ts';

describe('parseDuration', () => {
  const valid: readonly [string, number][] = [
    ['250ms', 250],
    ['5s', 5000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['0s', 0],
  ];
  for (const [text, ms] of valid) {
    it(`reads ${text} as ${ms} ms`, () => {
      assert.deepEqual(parseDuration(text), { kind: 'ok', ms });
    });
  }

  for (const text of ['', '5', 's', '-5s', '5 s', '5x', '1s2', 'ms5', '1e3s', '99999h']) {
    it(`refuses '${text}' and names it`, () => {
      const parsed = parseDuration(text);

      assert.equal(parsed.kind, 'invalid');
      assert.match(parsed.problem, /^expected a duration .*got '/);
    });
  }

  it('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 * 24 * 3_600_000 }), (ms) => {
        assert.deepEqual(parseDuration(formatDuration(ms)), { kind: 'ok', ms });
      }),
    );
  });
});
