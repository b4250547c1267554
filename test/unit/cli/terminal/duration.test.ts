import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { humanDuration } from '../../../../cli/terminal/duration.ts';

describe('humanDuration', () => {
  const cases: [bigint, string][] = [
    [0n, '0 ns'],
    [999n, '999 ns'],
    [1_000n, '1.00 µs'],
    [12_345n, '12.3 µs'],
    [999_499n, '999 µs'],
    [999_500n, '1.00 ms'],
    [31_200_000n, '31.2 ms'],
    [99_949_999n, '99.9 ms'],
    [99_950_000n, '100 ms'],
    [1_843_000_000n, '1.84 s'],
    [59_949_000_000n, '59.9 s'],
    [59_950_000_000n, '1 min 00 s'],
    [125_400_000_000n, '2 min 05 s'],
    [-12_345n, '-12.3 µs'],
  ];
  for (const [ns, text] of cases) {
    it(`writes ${ns} ns as ${text}`, () => {
      assert.equal(humanDuration(ns), text);
    });
  }

  it('takes no more than eight columns below a minute', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 59_949_999_999n }), (ns) => {
        assert.ok(humanDuration(ns).length <= 8, humanDuration(ns));
      }),
    );
  });

  it('spells micro as the terminal can', () => {
    assert.equal(humanDuration(1_500n, 'u'), '1.50 us');
  });
});
