import assert from 'node:assert/strict';
import { parseReport } from '../../../../cli/rtt/parse-report.ts';
import { meshReport, withCell } from '../../../support/mesh-report.ts';

describe('parseReport()', () => {
  const sound = meshReport({ nodes: 3, zones: 2 });

  it('reads what an aggregator answers', () => {
    assert.deepEqual(parseReport(sound), { kind: 'report', report: sound });
  });

  it('leaves out what it does not know', () => {
    assert.deepEqual(parseReport({ ...sound, newer: 1 }), { kind: 'report', report: sound });
  });

  const invalid: { what: string; value: unknown; problem: RegExp }[] = [
    { what: 'nothing', value: undefined, problem: /^expected object, got nothing$/ },
    { what: 'a list', value: [], problem: /^expected object, got a list$/ },
    {
      what: 'another version',
      value: { ...sound, version: 2 },
      problem: /^at version .*1.*got 2$/,
    },
    {
      what: 'a mean that is a text',
      value: { ...sound, pairs: withCell(sound, 0, 2, { meanS: 'x' as never }) },
      problem: /^at pairs\[1\]\.meanS expected number, got "x"$/,
    },
    {
      what: 'a cell of a node that is not there',
      value: { ...sound, pairs: withCell(sound, 0, 2, { to: 3 }) },
      problem: /^at pairs\[1\]\.to expected a place below 3, got 3$/,
    },
    {
      what: 'a zone that is not there',
      value: { ...sound, zones: [] },
      problem: /^at zonePairs\[0\]\.from expected a place below 0, got 0 \(and 3 more\)$/,
    },
    {
      what: 'more lost than sent',
      value: { ...sound, pairs: withCell(sound, 1, 0, { lost: 61 }) },
      problem: /^at pairs\[2\]\.lost expected at most the 60 that were sent, got 61$/,
    },
  ];
  for (const { what, value, problem } of invalid) {
    it(`says where, what was expected and what came of ${what}`, () => {
      const parsed = parseReport(value);

      assert.equal(parsed.kind, 'invalid');
      assert.match(parsed.problem, problem);
    });
  }
});
