import assert from 'node:assert/strict';
import { fuzzServer } from './fuzz-server.ts';
import { fuzz } from './fuzz.ts';

describe('mutated admission requests', () => {
  it('are each answered with a well-formed review that allows', () => {
    const { requests, injected, unreadable, left, otherUid, failed } = fuzz(3000, 1);

    assert.deepEqual({ requests, otherUid, failed }, { requests: 3000, otherUid: 0, failed: 0 });
    assert.ok(injected > 200, `${injected} injected`);
    assert.ok(unreadable > 200, `${unreadable} unreadable`);
    assert.ok(left > 200, `${left} left`);
  }).timeout(60_000);

  it('are each answered through TLS in less than the API server waits, and a sound one after them', async () => {
    const { longestMs, ...served } = await fuzzServer(600, 1);

    assert.deepEqual(served, {
      answered: 600,
      misanswered: 0,
      counted: 600,
      soundOneInjected: true,
    });
    assert.ok(longestMs < 2000, `${longestMs} ms`);
  }).timeout(60_000);
});
