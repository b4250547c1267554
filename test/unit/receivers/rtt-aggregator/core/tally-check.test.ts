import assert from 'node:assert/strict';

import { checkTally } from '../../../../../receivers/rtt-aggregator/core/tally-check.ts';
import { tallyReport } from '../../../../../receivers/shared/mesh/tally-report.ts';
import { place, report, row } from '../tally.ts';

const sound = report(place('a', 'west'), {
  destinations: [place('b'), place('', '', { namespace: 'x', pod: 'p' })],
  stretches: [{ number: 7, rows: [row(0, 5, 1), row(1, 5, 5)] }],
  convicted: [1],
});

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

const others: readonly Json[] = [
  null,
  '',
  'x'.repeat(254),
  0,
  -1,
  1.5,
  2 ** 53,
  Number.POSITIVE_INFINITY,
  true,
  [],
  {},
  Array<Json>(20_001).fill(0),
];

/** The value with one of its parts, wherever it lies, left out or made into something else. */
function* changes(value: Json, path = ''): Generator<readonly [string, Json]> {
  for (const [index, other] of others.entries()) yield [`${path} -> other ${index}`, other];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const without = Object.entries(value).filter(([name]) => name !== key);
    const made = (entries: [string, Json][]): Json =>
      Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
    yield [`${path}.${key} left out`, made(without)];
    for (const [title, changed] of changes(part, `${path}.${key}`))
      yield [
        title,
        made(Object.entries(value).map(([name, each]) => [name, name === key ? changed : each])),
      ];
  }
}

describe('checkTally', () => {
  it('gives a report that is as the contract says', () => {
    assert.deepEqual(checkTally(sound), { kind: 'sound', report: sound });
  });

  it('says as the contract does, whatever is wrong anywhere', function () {
    this.timeout(30_000);
    let wrong = 0;
    for (const [title, value] of changes(sound)) {
      const expected = tallyReport.safeParse(value).success;
      const { kind } = checkTally(value);
      assert.equal(kind === 'sound', expected, title);
      wrong += Number(!expected);
    }

    assert.ok(wrong > 200, `${wrong}`);
  });

  it('says where it is wrong', () => {
    const checked = checkTally({
      ...sound,
      stretches: [...sound.stretches, { number: -1, rows: [] }],
    });

    assert.deepEqual(checked, { kind: 'wrong', where: 'stretches.1: expected a number and rows' });
  });
});
