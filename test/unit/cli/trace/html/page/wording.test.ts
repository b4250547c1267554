import assert from 'node:assert/strict';
import {
  printableLines,
  shareText,
  utcText,
} from '../../../../../../cli/trace/html/page/wording.ts';

describe('the words of the page', () => {
  it('tell a moment in microseconds and UTC', () => {
    assert.equal(utcText(1_795_251_444_680_001_999n), '2026-11-21 08:57:24.680001 UTC');
    assert.equal(utcText(0n), '1970-01-01 00:00:00.000000 UTC');
  });

  it('tell a moment beyond the calendar as it is', () => {
    assert.equal(utcText(10n ** 25n), '10000000000000000000000000 ns since 1970');
  });

  it('tell a share as precisely as it says something', () => {
    assert.equal(shareText(500, 1000), '50 %');
    assert.equal(shareText(14, 1000), '1.4 %');
    assert.equal(shareText(1, 100_000), '< 0.1 %');
    assert.equal(shareText(0, 1000), '');
    assert.equal(shareText(5, 0), '');
  });

  it('keep the lines of a text and nothing that turns or hides it', () => {
    assert.equal(printableLines('a\tb\r\nc\u202ed\u0000'), 'a  b\nc?d?');
  });
});
