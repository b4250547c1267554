import assert from 'node:assert/strict';

import { createSuspicion } from '../../../../../../receivers/rtt-pinger/core/topology/suspicion.ts';

describe('createSuspicion', () => {
  const limits = { confirmations: 3, most: 2, perRound: 1 };

  it('probes a pair again that lost a probe, and convicts it when that is lost, too', () => {
    const suspicion = createSuspicion<string>(limits);
    suspicion.note('a', true);
    for (let probe = 0; probe < 3; probe++) {
      assert.deepEqual(suspicion.round(), ['a']);
      suspicion.note('a', true);
    }

    assert.deepEqual(suspicion.convicted(), [{ key: 'a', sent: 4, lost: 4 }]);
  });

  it('drops what answers again, also after it was convicted', () => {
    const suspicion = createSuspicion<string>(limits);
    for (let probe = 0; probe < 4; probe++) suspicion.note('a', true);
    for (let probe = 0; probe < 4; probe++) suspicion.note('a', false);

    assert.deepEqual(suspicion.convicted(), []);
    assert.deepEqual(suspicion.round(), []);
  });

  it('takes nobody on for an answer, and no more than its limit', () => {
    const suspicion = createSuspicion<string>(limits);
    suspicion.note('fine', false);
    for (const key of ['a', 'b', 'c']) suspicion.note(key, true);

    assert.deepEqual(
      [suspicion.round(), suspicion.round(), suspicion.round()],
      [['a'], ['b'], ['a']],
    );
  });
});
