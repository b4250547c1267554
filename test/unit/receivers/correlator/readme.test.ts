import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { createCounts, dropReasons } from '../../../../receivers/correlator/core/counts.ts';
import { rules } from '../../../../receivers/correlator/core/evidence.ts';
import { instruments, type Instrument } from '../../../../receivers/correlator/metrics.ts';

const path = new URL('../../../../receivers/correlator/README.md', import.meta.url);
const readme = readFileSync(path, 'utf8');

/** The cells of each row of the table with this head. */
function table(head: string): string[][] {
  const lines = readme.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const at = lines.findIndex((cells) => cells.join(' | ') === head);
  assert.ok(at >= 0, `a table with the head ${head}`);
  const end = lines.findIndex((cells, index) => index > at && cells.length === 0);
  return lines.slice(at + 2, end);
}

const code = (text: string): string => text.replace(/^`(.*)`$/, '$1');

/** The attribute of an instrument, and its values. */
function attributeOf({ attribute, read }: Instrument): readonly [string, readonly string[]] | [] {
  const reading = read(createCounts());
  return attribute === undefined ? [] : [attribute, Object.keys(reading)];
}

describe('README of the correlator', () => {
  it('tells every metric with its unit, and no other', () => {
    const told = table('metric | unit | meaning').map(([name, unit]) => `${name} ${unit}`);
    const known = instruments.map(({ name, unit }) => `\`${name}\` \`${unit}\``);

    assert.deepEqual(told.toSorted(), known.toSorted());
  });

  for (const instrument of instruments)
    it(`tells what tells apart the values of ${instrument.name}`, () => {
      const rows = table('metric | unit | meaning');
      const meaning = rows.find(([name = '']) => code(name) === instrument.name)?.[2] ?? '';
      const [attribute, values = []] = attributeOf(instrument);

      assert.equal(/, by `(\w+)`/.exec(meaning)?.[1], attribute);
      const listed = /`: (.*)$/.exec(meaning)?.[1]?.split(', ').map(code);
      if (listed !== undefined) assert.deepEqual(listed, values);
    });

  it('tells every reason for which a span is dropped, and no other', () => {
    const told = table('reason | kind | meaning').map(([reason = '']) => code(reason));

    assert.deepEqual(told, [...dropReasons]);
  });

  it('names as many rules as there are for finding the pod of a trace', () => {
    const section = readme.split('## How a trace finds its pod')[1]?.split('##')[0] ?? '';

    assert.equal(section.match(/^\d+\. /gm)?.length, rules.length);
  });
});
