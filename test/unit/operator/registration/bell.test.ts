import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createBell } from '../../../../operator/registration/bell.ts';

describe('a bell', () => {
  const never = new AbortController().signal;

  async function isHeard(heard: Promise<void>): Promise<boolean> {
    const waits = turn('waits');
    return (await Promise.race([heard.then(() => 'heard'), waits])) === 'heard';
  }

  it('is heard when it rings, and then when it rings again', async () => {
    const bell = createBell();
    const first = bell.heard(never);
    assert.equal(await isHeard(first), false);

    bell.ring();

    await first;
    const second = bell.heard(never);
    assert.equal(await isHeard(second), false);
    bell.ring();
    await second;
  });

  it('is heard once by whoever was busy while it rang', async () => {
    const bell = createBell();
    bell.ring();
    bell.ring();

    await bell.heard(never);

    assert.equal(await isHeard(bell.heard(never)), false);
  });

  it('is heard when the signal ends, or has ended', async () => {
    const stop = new AbortController();
    const heard = createBell().heard(stop.signal);

    stop.abort();

    await heard;
    await createBell().heard(stop.signal);
  });
});
