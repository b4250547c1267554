import assert from 'node:assert/strict';
import { fuzzExport } from './fuzz-export.ts';
import { fuzzFiles } from './fuzz-files.ts';

describe('damaged journals', () => {
  it('are read as far as they go, without a crash, a hang, or more memory than is allowed', () => {
    const { files, opened, whole, entries, counted, beyondLimits, longestMs } = fuzzFiles(3000, 42);

    assert.ok(opened > files / 2, `${opened} of ${files} opened`);
    assert.ok(whole > files / 20 && whole < files, `${whole} whole`);
    assert.ok(entries > files * 10, `${entries} entries`);
    const { badEntries, badFields, brokenChains, longFields } = counted;
    for (const count of [badEntries, badFields, brokenChains, longFields])
      assert.ok(count > 0, JSON.stringify(counted));
    assert.equal(beyondLimits, 0);
    assert.ok(longestMs < 2000, `${longestMs} ms`);
  }).timeout(30_000);
});

describe('damaged exports of journals', () => {
  it('are read as far as they go, the same in whatever pieces they come', () => {
    const { texts, entries, damaged } = fuzzExport(1000, 42);

    assert.ok(entries > texts * 4, `${entries} entries`);
    assert.ok(damaged > texts / 5 && damaged < texts, `${damaged} damaged`);
  }).timeout(30_000);
});
