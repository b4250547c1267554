import assert from 'node:assert/strict';

import type { Finding } from '../../../../../receivers/rtt-aggregator/core/finding.ts';
import {
  createVerdicts,
  looksToAppear,
  looksToClear,
} from '../../../../../receivers/rtt-aggregator/core/verdicts.ts';

const finding: Finding = { kind: 'link', from: 'a', to: 'b', loss: 1 };

describe('verdicts', () => {
  const kinds = (changes: readonly { kind: string }[]): string[] => changes.map(({ kind }) => kind);

  it('appear when looks in a row agree, with the time of the first', () => {
    const verdicts = createVerdicts();
    for (let look = 1; look < looksToAppear; look++)
      assert.deepEqual(verdicts.look([finding], look), []);

    assert.deepEqual(verdicts.look([{ ...finding, loss: 0.9 }], looksToAppear), [
      { kind: 'appeared', verdict: { ...finding, loss: 0.9, sinceMs: 1 } },
    ]);
    assert.equal(verdicts.standing().length, 1);
  });

  it('are not made of looks that do not follow each other', () => {
    const verdicts = createVerdicts();
    for (let look = 0; look < 10; look++) {
      assert.deepEqual(verdicts.look(look % looksToAppear === 0 ? [finding] : [], look), []);
      assert.deepEqual(verdicts.standing(), []);
    }
  });

  it('stay while looks waver, and clear when looks in a row name them no more', () => {
    const verdicts = createVerdicts();
    for (let look = 0; look < looksToAppear; look++) verdicts.look([finding], look);
    for (let look = 1; look < looksToClear; look++) assert.deepEqual(verdicts.look([], look), []);
    assert.deepEqual(verdicts.look([finding], 9), []);
    for (let look = 1; look < looksToClear; look++) assert.deepEqual(verdicts.look([], look), []);

    assert.deepEqual(kinds(verdicts.look([], 10)), ['cleared']);
    assert.deepEqual(verdicts.standing(), []);
  });

  it('tell directions apart', () => {
    const verdicts = createVerdicts();
    const both: Finding[] = [finding, { ...finding, from: 'b', to: 'a' }];
    verdicts.look(both, 1);

    assert.deepEqual(kinds(verdicts.look(both, 2)), ['appeared', 'appeared']);
  });
});
