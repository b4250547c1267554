import assert from 'node:assert/strict';
import { lastLines } from '../../../../local/cluster/log-tail.ts';

describe('lastLines()', () => {
  it('keeps the last lines and drops empty ones', () => {
    assert.equal(lastLines('a\n\nb\nc\n\n', 2), 'b\nc');
  });

  it('keeps all of a short log', () => {
    assert.equal(lastLines('a\n', 5), 'a');
  });
});
