import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { formatTimeNs, parseTimeNs } from '../../../../receivers/shared/rfc3339.ts';

describe('parseTimeNs', () => {
  it('keeps nanoseconds', () => {
    const time = fc.record({
      ms: fc.integer({ min: 0, max: 4_000_000_000 }),
      nanos: fc.integer({ min: 0, max: 999_999_999 }),
    });
    fc.assert(
      fc.property(time, ({ ms: seconds, nanos }) => {
        const date = new Date(seconds * 1000).toISOString().slice(0, 19);
        const text = `${date}.${String(nanos).padStart(9, '0')}Z`;

        assert.equal(parseTimeNs(text), BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
      }),
    );
  });

  it('reads whole seconds and other zones', () => {
    assert.equal(parseTimeNs('1970-01-01T00:00:01Z'), 1_000_000_000n);
    assert.equal(parseTimeNs('1970-01-01T01:00:01+01:00'), 1_000_000_000n);
  });

  for (const text of [null, undefined, '', 'yesterday', '2026-13-01T00:00:00Z', '2026-01-01']) {
    it(`is null for ${text}`, () => {
      assert.equal(parseTimeNs(text), null);
    });
  }
});

describe('formatTimeNs', () => {
  it('writes what parseTimeNs reads back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 4n * 10n ** 18n }), (ns) => {
        assert.equal(parseTimeNs(formatTimeNs(ns, 9)), ns);
      }),
    );
  });

  it('cuts decimals, and does not round them', () => {
    const ns = 1_795_253_214_930_999_999n;

    assert.equal(formatTimeNs(ns, 9), '2026-11-21T09:26:54.930999999Z');
    assert.equal(formatTimeNs(ns, 3), '2026-11-21T09:26:54.930Z');
    assert.equal(formatTimeNs(ns, 0), '2026-11-21T09:26:54Z');
    assert.equal(formatTimeNs(-1n, 0), '1969-12-31T23:59:59Z');
  });
});
