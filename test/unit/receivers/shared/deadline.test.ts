import assert from 'node:assert/strict';
import { once } from 'node:events';
import { getEventListeners } from 'node:events';

import { sleep, startDeadline, startGrace, within } from '../../../../receivers/shared/deadline.ts';

describe('startDeadline', () => {
  it('ends by time and says so', async () => {
    const deadline = startDeadline(1);
    await once(deadline.signal, 'abort');

    assert.equal(deadline.expired(), true);
    deadline.clear();
  });

  it('ends with the outer signal without having expired', () => {
    const outer = new AbortController();
    const deadline = startDeadline(60_000, outer.signal);
    outer.abort();

    assert.equal(deadline.signal.aborted, true);
    assert.equal(deadline.expired(), false);
    deadline.clear();
  });

  it('is over at once under a signal that has ended', () => {
    const deadline = startDeadline(60_000, AbortSignal.abort());

    assert.equal(deadline.signal.aborted, true);
    deadline.clear();
  });

  it('leaves no listener on the outer signal once cleared', () => {
    const outer = new AbortController();
    startDeadline(60_000, outer.signal).clear();

    assert.equal(getEventListeners(outer.signal, 'abort').length, 0);
  });
});

describe('startGrace', () => {
  it('outlives the end of the outer signal by the grace', async () => {
    const outer = new AbortController();
    const grace = startGrace(60_000, outer.signal, 5);
    outer.abort();

    assert.equal(grace.signal.aborted, false);
    await once(grace.signal, 'abort');
    grace.clear();
  });

  it('ends by its own time under an outer signal that stands', async () => {
    const grace = startGrace(1, new AbortController().signal, 60_000);
    await once(grace.signal, 'abort');

    assert.equal(grace.expired(), true);
    grace.clear();
  });
});

describe('sleep', () => {
  it('returns early when its signal ends', async () => {
    const stop = new AbortController();
    const sleeping = sleep(60_000, stop.signal);
    stop.abort();

    await sleeping;
    assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
  });
});

describe('within', () => {
  it('gives up waiting for work that never ends', async () => {
    assert.deepEqual(await within(new Promise(() => {}), 1), { kind: 'timeout' });
  });

  it('passes the result of work in time', async () => {
    assert.deepEqual(await within(Promise.resolve(7), 60_000), { kind: 'done', value: 7 });
  });

  it('passes a rejection through', async () => {
    await assert.rejects(within(Promise.reject(new Error('broken')), 60_000), /broken/);
  });
});
