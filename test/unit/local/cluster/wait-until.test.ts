import assert from 'node:assert/strict';
import { waitUntil } from '../../../../local/cluster/wait-until.ts';

describe('waitUntil()', () => {
  it('asks again after a no and after a failure, until it is so', async () => {
    const answers = [
      () => Promise.resolve(false),
      () => Promise.reject(new Error('not yet')),
      () => Promise.resolve(true),
    ];
    let asked = 0;

    await waitUntil(
      'it',
      () => answers[asked++]?.() ?? Promise.resolve(true),
      new AbortController().signal,
    );

    assert.equal(asked, answers.length);
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    const waiting = waitUntil('it', () => Promise.resolve(false), stop.signal);
    stop.abort(new Error('stopped'));

    await assert.rejects(waiting);
  });
});
