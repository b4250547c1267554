import assert from 'node:assert/strict';
import { timeAxis } from '../../../../cli/report/html/page/axis.ts';

describe('timeAxis()', () => {
  it('reaches from the power of ten below the shortest to the one above the longest', () => {
    const { ticks, placeOf } = timeAxis([0.02, 0.5, 3]);

    assert.deepEqual(ticks, [0.01, 0.1, 1, 10]);
    assert.deepEqual([0.01, 10].map(placeOf), [0, 100]);
    assert.ok(Math.abs(placeOf(0.1) - 100 / 3) < 1e-9);
  });

  it('is no longer for what took no time, which stands at its beginning', () => {
    const { ticks, placeOf } = timeAxis([0, 0.02, 3]);

    assert.deepEqual(ticks, [0.01, 0.1, 1, 10]);
    assert.equal(placeOf(0), 0);
  });

  it('is there where nothing took any time', () => {
    const { ticks, placeOf } = timeAxis([0]);

    assert.equal(ticks.length, 2);
    assert.equal(placeOf(0), 0);
  });
});
