import assert from 'node:assert/strict';
import { billionths } from '../../../../operator/injection/quantity.ts';

describe('billionths()', () => {
  const same: readonly (readonly [string | number, string | number])[] = [
    ['1', 1],
    ['1000m', '1'],
    ['0.5Gi', '512Mi'],
    ['1e3', '1k'],
    ['1E3', '1000'],
    ['+1.50', '1500m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['1E', '1e18'],
    ['-1', '-1000m'],
    ['1n', '0.1n'],
  ];
  for (const [one, other] of same)
    it(`holds ${one} and ${other} to be the same`, () => {
      assert.notEqual(billionths(one), undefined);
      assert.equal(billionths(one), billionths(other));
    });

  it('tells one amount from another', () => {
    assert.notEqual(billionths('1Mi'), billionths('1M'));
  });

  for (const text of ['', '.', 'm', '1 Mi', '1mm', '1i', '0x1', 'NaN', '1e', '--1'])
    it(`reads no amount in '${text}'`, () => {
      assert.equal(billionths(text), undefined);
    });
});
