import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { bootText } from '../../../../cli/boot/text/boot-text.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../../../cli/terminal/glyphs.ts';
import { columns } from '../../../../cli/terminal/text.ts';
import { bootRecord } from '../../../support/boot-record.ts';

const plain = { width: 100, colour: false, glyphs: unicodeGlyphs, comments: true };

const pictures = [
  { name: 'good-100', record: bootRecord(), options: plain },
  {
    name: 'good-72-ascii',
    record: bootRecord(),
    options: { ...plain, width: 72, glyphs: asciiGlyphs },
  },
  { name: 'good-40', record: bootRecord(), options: { ...plain, width: 40, comments: false } },
  {
    name: 'not-ready-80-colour',
    record: bootRecord(['node_ready', 'pod_ready']),
    options: { ...plain, width: 80, colour: true },
  },
  {
    name: 'nothing-80',
    record: bootRecord([], { occurrences: [], activities: [] }),
    options: { ...plain, width: 80 },
  },
] as const;

describe('the text of a boot', () => {
  for (const { name, record, options } of pictures)
    it(`is as recorded: ${name}`, () => {
      const path = new URL(`golden/${name}.txt`, import.meta.url);
      const text = bootText(record, options);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, `${text}\n`);

      assert.equal(`${text}\n`, readFileSync(path, 'utf8'));
    });

  for (const width of [40, 55, 70, 100, 200])
    it(`has no line of more than ${width} columns`, () => {
      const hostile = bootRecord([], {
        facts: { name: `n${'\u001b[31m'.repeat(40)}`, instanceType: 'ü'.repeat(80) },
      });
      for (const record of [bootRecord(), hostile]) {
        const text = bootText(record, { ...plain, width });

        assert.ok(
          text.split('\n').every((line) => columns(line) <= width),
          text,
        );
        assert.ok(!text.includes('\u001b'));
      }
    });
});
