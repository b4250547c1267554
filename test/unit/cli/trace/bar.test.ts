import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { asciiGlyphs, unicodeGlyphs } from '../../../../cli/terminal/glyphs.ts';
import { drawBar } from '../../../../cli/trace/bar.ts';

describe('drawBar', () => {
  const cases = [
    { name: 'fills all cells with the whole trace', from: 0, to: 1, drawn: '━━━━━━━━━━' },
    { name: 'begins and ends on a cell', from: 0.2, to: 0.5, drawn: '  ━━━     ' },
    { name: 'begins in the middle of a cell', from: 0.25, to: 0.5, drawn: '  ╺━━     ' },
    { name: 'ends in the middle of a cell', from: 0.2, to: 0.45, drawn: '  ━━╸     ' },
    { name: 'gives half a cell to what is shorter', from: 0.2, to: 0.2001, drawn: '  ╸       ' },
    {
      name: 'shows the right half where the short span lies',
      from: 0.26,
      to: 0.27,
      drawn: '  ╺       ',
    },
    { name: 'shows a span without length', from: 0.31, to: 0.31, drawn: '   ┃      ' },
    { name: 'shows a span without length at the very end', from: 1, to: 1, drawn: '         ┃' },
    { name: 'shows a short span at the very end', from: 0.9999, to: 1, drawn: '         ╺' },
    {
      name: 'shows a span that ends before it begins as one without length',
      from: 0.3,
      to: 0.1,
      drawn: '   ┃      ',
    },
  ];
  for (const { name, from, to, drawn } of cases) {
    it(name, () => {
      const bar = drawBar({ from, to }, 10, unicodeGlyphs);

      assert.equal(' '.repeat(bar.before) + bar.text + ' '.repeat(bar.after), drawn);
    });
  }

  it('always shows something and takes exactly the cells it is given', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fraction, fraction, fc.integer({ min: 1, max: 300 }), (from, to, cells) => {
        const bar = drawBar({ from, to }, cells, asciiGlyphs);

        assert.ok(bar.text.length > 0 && bar.before >= 0 && bar.after >= 0);
        assert.equal(bar.before + bar.text.length + bar.after, cells);
      }),
    );
  });
});
