import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  fractionOf,
  isWhole,
  momentAt,
  pan,
  wholeTrace,
  windowBetween,
  zoom,
} from '../../../../../../cli/trace/html/page/time-window.ts';

const length = fc.integer({ min: 0, max: 1e13 });
const moment = fc.double({ min: -1e13, max: 2e13, noNaN: true });
const factor = fc.double({ min: 0.01, max: 100, noNaN: true });

describe('the window of time', () => {
  it('is the whole trace, or a nanosecond where that has no length', () => {
    assert.deepEqual(wholeTrace(500), { fromNs: 0, toNs: 500 });
    assert.deepEqual(wholeTrace(0), { fromNs: 0, toNs: 1 });
  });

  it('never is empty nor beyond the trace, whatever is done to it', () => {
    fc.assert(
      fc.property(length, moment, moment, factor, moment, (lengthNs, a, b, by, share) => {
        const whole = wholeTrace(lengthNs);
        const between = windowBetween(a, b, lengthNs);
        const around = momentAt(between, 0.3);
        const windows = [
          between,
          zoom(between, by, around, lengthNs),
          pan(between, share / 1e13, lengthNs),
        ];
        for (const { fromNs, toNs } of windows) {
          assert.ok(fromNs >= 0 && fromNs < toNs && toNs <= whole.toNs, `${fromNs} to ${toNs}`);
        }
      }),
    );
  });

  it('keeps the moment that is zoomed around at its place', () => {
    const before = { fromNs: 400_000, toNs: 600_000 };
    const after = zoom(before, 0.5, 450_000, 1_000_000);

    assert.deepEqual(after, { fromNs: 425_000, toNs: 525_000 });
    assert.equal(fractionOf(after, 450_000), fractionOf(before, 450_000));
  });

  it('is not zoomed in beyond what can be shown', () => {
    const closest = Array.from({ length: 60 }).reduce<{ fromNs: number; toNs: number }>(
      (window) => zoom(window, 0.5, 500, 1_000_000),
      wholeTrace(1_000_000),
    );

    assert.ok(Math.abs(closest.toNs - closest.fromNs - 10) < 1e-6, `${closest.fromNs}`);
  });

  it('is the whole trace again when zoomed out', () => {
    const out = zoom({ fromNs: 10, toNs: 400 }, 1000, 50, 1000);

    assert.equal(isWhole(out, 1000), true);
  });

  it('is marked in either direction', () => {
    assert.deepEqual(windowBetween(300, 100, 1000), { fromNs: 100, toNs: 300 });
  });

  it('moves by a share of itself, and stops at the ends', () => {
    assert.deepEqual(pan({ fromNs: 100, toNs: 300 }, 0.5, 1000), { fromNs: 200, toNs: 400 });
    assert.deepEqual(pan({ fromNs: 100, toNs: 300 }, -5, 1000), { fromNs: 0, toNs: 200 });
    assert.deepEqual(pan({ fromNs: 100, toNs: 300 }, 50, 1000), { fromNs: 800, toNs: 1000 });
  });
});
