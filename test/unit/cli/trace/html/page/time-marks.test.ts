import assert from 'node:assert/strict';
import fc from 'fast-check';
import { timeMarks } from '../../../../../../cli/trace/html/page/time-marks.ts';

const labels = (fromNs: number, toNs: number, widthPx: number) =>
  timeMarks({ fromNs, toNs }, widthPx).map(({ label }) => label);

describe('timeMarks', () => {
  const cases = [
    { from: 0, to: 9.01e9, px: 800, marks: ['0', '2 s', '4 s', '6 s', '8 s'] },
    { from: 0, to: 2.4e9, px: 600, marks: ['0', '0.5 s', '1.0 s', '1.5 s', '2.0 s'] },
    {
      from: 12e6,
      to: 13e6,
      px: 500,
      marks: ['12.0 ms', '12.2 ms', '12.4 ms', '12.6 ms', '12.8 ms', '13.0 ms'],
    },
    {
      from: 9_000_000_100,
      to: 9_000_000_140,
      px: 200,
      marks: ['9.00000010 s', '9.00000012 s', '9.00000014 s'],
    },
    { from: 0, to: 850, px: 500, marks: ['0', '200 ns', '400 ns', '600 ns', '800 ns'] },
    { from: 0, to: 1, px: 500, marks: ['0', '1 ns'] },
  ];
  for (const { from, to, px, marks } of cases) {
    it(`marks ${from} to ${to} ns on ${px} px with ${marks.join(', ')}`, () => {
      assert.deepEqual(labels(from, to, px), marks);
    });
  }

  it('has marks in order, all different, within the window, and no more than there is room for', () => {
    const window = fc
      .tuple(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 10, max: 1e12 }))
      .map(([fromNs, lasting]) => ({ fromNs, toNs: fromNs + lasting }));
    fc.assert(
      fc.property(window, fc.integer({ min: 0, max: 4000 }), (given, widthPx) => {
        const marks = timeMarks(given, widthPx);
        const at = marks.map((mark) => mark.at);
        assert.deepEqual(
          at,
          at.toSorted((a, b) => a - b),
        );
        assert.ok(at.every((each) => each >= 0 && each <= 1));
        assert.equal(new Set(marks.map(({ label }) => label)).size, marks.length);
        assert.ok(marks.length <= widthPx / 96 + 2, `${marks.length}`);
      }),
    );
  });
});
