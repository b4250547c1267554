import assert from 'node:assert/strict';
import { effectMs, injecting } from '../../../../operator/registration/effect.ts';

const said = (since: number | undefined, problem: string | undefined, nowMs: number) => {
  const sinceMs = new Map(since === undefined ? [] : [['u', since]]);
  const { type, status, reason, message } = injecting('u', { sinceMs, problem }, nowMs);
  assert.equal(type, 'Injecting');
  return [status, reason, message];
};

describe('injecting()', () => {
  it('is true once API servers had the time to take note', () => {
    assert.deepEqual(said(1000, undefined, 1000 + effectMs - 1).slice(0, 2), [
      'False',
      'Registering',
    ]);
    assert.deepEqual(said(1000, undefined, 1000 + effectMs).slice(0, 2), ['True', 'Registered']);
  });

  it('stays true where only a change could not be registered', () => {
    assert.equal(said(0, 'forbidden', effectMs)[0], 'True');
  });

  it('tells why nothing is registered', () => {
    assert.deepEqual(said(undefined, 'forbidden', 0), ['False', 'NotRegistered', 'forbidden']);
    assert.deepEqual(said(undefined, undefined, 0).slice(0, 2), ['False', 'Waiting']);
  });
});
