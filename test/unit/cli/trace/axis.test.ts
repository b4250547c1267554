import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { axisTicks } from '../../../../cli/trace/axis.ts';

describe('axisTicks', () => {
  it('marks round times in the unit of the whole', () => {
    assert.deepEqual(axisTicks(1_843_000_000n, 40, 'µ'), [
      { cell: 0, label: '0' },
      { cell: 10, label: '0.5 s' },
      { cell: 21, label: '1 s' },
      { cell: 32, label: '1.5 s' },
    ]);
  });

  const units = [
    { totalNs: 250n, label: '100 ns' },
    { totalNs: 250_000n, label: '100 us' },
    { totalNs: 250_000_000n, label: '100 ms' },
    { totalNs: 250_000_000_000n, label: '100 s' },
  ];
  for (const { totalNs, label } of units) {
    it(`marks ${label} on an axis of ${totalNs} ns`, () => {
      assert.equal(axisTicks(totalNs, 30, 'u')[1]?.label, label);
    });
  }

  it('has its beginning alone where no time passes', () => {
    assert.deepEqual(axisTicks(0n, 40, 'µ'), [{ cell: 0, label: '0' }]);
  });

  it('never lets labels touch or leave the axis', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 14n }),
        fc.integer({ min: 13, max: 250 }),
        (totalNs, cells) => {
          let used = -1;
          for (const { cell, label } of axisTicks(totalNs, cells, 'µ')) {
            assert.ok(cell > used, `${label} at ${cell}`);
            used = cell + label.length;
            assert.ok(used <= cells);
          }
        },
      ),
    );
  });
});
