import assert from 'node:assert/strict';
import { noCounts } from '../../../../../receivers/log-tailer/journal/counts.ts';
import { defaultLimits } from '../../../../../receivers/log-tailer/journal/limits.ts';
import { readmeOf } from '../../../../support/readme.ts';

const readme = readmeOf('log-tailer/journal');

describe('README of the journal', () => {
  it('tells every count', () => {
    const told = readme.table(['count', 'of what']).map(([count]) => count);

    assert.deepEqual(
      told,
      Object.keys(noCounts()).map((count) => `\`${count}\``),
    );
  });

  it('tells every limit and its default', () => {
    const told = readme.table(['limit', 'default', 'meaning']).map((row) => row.slice(0, 2));

    assert.deepEqual(
      told,
      Object.entries(defaultLimits).map(([limit, value]) => [
        `\`${limit}\``,
        value.toLocaleString('en'),
      ]),
    );
  });
});
