import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { columns, printable, truncateMiddle, wrapItems } from '../../../../cli/terminal/text.ts';

describe('truncateMiddle', () => {
  const cases = [
    { text: 'abcdef', width: 6, shown: 'abcdef' },
    { text: 'abcdef', width: 5, shown: 'ab…ef' },
    { text: 'abcdef', width: 4, shown: 'ab…f' },
    { text: 'abcdef', width: 2, shown: 'a…' },
    { text: 'abcdef', width: 1, shown: 'a' },
    { text: 'abcdef', width: 0, shown: '' },
  ];
  for (const { text, width, shown } of cases) {
    it(`shows ${text} in ${width} columns as '${shown}'`, () => {
      assert.equal(truncateMiddle(text, width, '…'), shown);
    });
  }

  it('never exceeds the width', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, width) => {
        assert.ok(columns(truncateMiddle(text, width, '…')) <= width);
      }),
    );
  });
});

describe('columns', () => {
  const cases: [string, number][] = [
    ['worker-1', 8],
    ['東京', 4],
    ['e\u0301', 1],
    ['ｱ', 1],
    ['🚀', 2],
    ['', 0],
  ];
  for (const [text, width] of cases) {
    it(`counts ${width} of '${text}'`, () => {
      assert.equal(columns(text), width);
    });
  }

  it('does not cut a wide character in two', () => {
    assert.equal(truncateMiddle('東京大阪', 6, '…'), '東…阪');
  });
});

describe('printable', () => {
  it('takes the power over the terminal from names', () => {
    assert.equal(printable('a\x1b[31mb\nc\u202ed'), 'a?[31mb?c?d');
  });
});

describe('wrapItems', () => {
  it('fills lines up to the width', () => {
    const items = ['aaaa', 'bb', 'cc', 'dddddddddd', 'e'].map((text) => ({ text }));

    const lines = wrapItems(items, 2, 8).map((line) => line.map(({ text }) => text));

    assert.deepEqual(lines, [['aaaa', 'bb'], ['cc'], ['dddddddddd'], ['e']]);
  });
});
