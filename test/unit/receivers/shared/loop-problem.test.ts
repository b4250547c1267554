import assert from 'node:assert/strict';

import { loopProblem } from '../../../../receivers/shared/loop-problem.ts';

describe('loopProblem()', () => {
  it('finds nothing wrong with a loop that turned within 10 s', () => {
    for (const sinceTurnMs of [0, 50, 10_000]) assert.equal(loopProblem(sinceTurnMs), undefined);
  });

  it('says for how long a loop that has stopped did not turn', () => {
    assert.equal(loopProblem(12_345.6), 'no turn of the loop for 12346 ms');
  });
});
