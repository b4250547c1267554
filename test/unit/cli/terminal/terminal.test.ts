import assert from 'node:assert/strict';
import { asciiGlyphs, unicodeGlyphs } from '../../../../cli/terminal/glyphs.ts';
import { describeTerminal } from '../../../../cli/terminal/terminal.ts';

describe('describeTerminal', () => {
  it('has the width and colours of a terminal', () => {
    assert.deepEqual(describeTerminal({ isTTY: true, columns: 120, rows: 50 }, {}), {
      width: 120,
      height: 50,
      colour: true,
      glyphs: unicodeGlyphs,
    });
  });

  it('is 80 columns wide and without colour where output is no terminal', () => {
    assert.deepEqual(describeTerminal({ rows: 50 }, {}), {
      width: 80,
      height: undefined,
      colour: false,
      glyphs: unicodeGlyphs,
    });
  });

  it('takes COLUMNS where output is no terminal', () => {
    assert.equal(describeTerminal({}, { COLUMNS: '200' }).width, 200);
    assert.equal(describeTerminal({}, { COLUMNS: 'wide' }).width, 80);
    assert.equal(describeTerminal({ isTTY: true, columns: 100 }, { COLUMNS: '200' }).width, 100);
  });

  const colourless = [{ NO_COLOR: '1' }, { TERM: 'dumb' }];
  for (const env of colourless) {
    it(`has no colour with ${JSON.stringify(env)}`, () => {
      assert.equal(describeTerminal({ isTTY: true, columns: 80 }, env).colour, false);
    });
  }

  it('has colour when NO_COLOR is empty', () => {
    assert.equal(describeTerminal({ isTTY: true, columns: 80 }, { NO_COLOR: '' }).colour, true);
  });

  const locales = [
    { env: { LANG: 'en_GB.UTF-8' }, glyphs: unicodeGlyphs },
    { env: { LANG: 'en_GB.UTF-8', LC_ALL: 'C' }, glyphs: asciiGlyphs },
    { env: { LC_ALL: 'C.utf8' }, glyphs: unicodeGlyphs },
    { env: { LANG: 'C' }, glyphs: asciiGlyphs },
    { env: { TERM: 'linux', LANG: 'en_GB.UTF-8' }, glyphs: asciiGlyphs },
  ];
  for (const { env, glyphs } of locales) {
    it(`draws with ${glyphs === asciiGlyphs ? 'ASCII' : 'Unicode'} with ${JSON.stringify(env)}`, () => {
      assert.equal(describeTerminal({}, env).glyphs, glyphs);
    });
  }
});
