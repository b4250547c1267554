import assert from 'node:assert/strict';

import {
  createSuspicion,
  type Suspicion,
} from '../../../../../../receivers/rtt-pinger/core/topology/suspicion.ts';

const rules = { confirmations: 3, most: 2 };
const one = { perRound: 1, restRounds: 4 };

function convictedOf(suspicion: Suspicion<string>): string[] {
  return suspicion.convicted().map(({ key }) => key);
}

describe('createSuspicion', () => {
  let suspicion: Suspicion<string>;
  beforeEach(() => {
    suspicion = createSuspicion(rules);
  });

  function note(key: string, ...outcomes: readonly boolean[]): void {
    for (const lost of outcomes) suspicion.note(key, lost);
  }

  function rounds(many: number): string[] {
    return Array.from({ length: many }, () => suspicion.round(one).join());
  }

  it('probes a pair again that lost a probe, and convicts it when that is lost, too', () => {
    note('a', true);
    for (let probe = 0; probe < 3; probe++) {
      assert.deepEqual(suspicion.round(one), ['a']);
      note('a', true);
    }

    assert.deepEqual(suspicion.convicted(), [{ key: 'a', sent: 4, lost: 4 }]);
  });

  it('drops what answers again, also after it was convicted', () => {
    note('a', true, true, true, true, false, false, false, false);

    assert.deepEqual(suspicion.convicted(), []);
    assert.deepEqual(suspicion.round(one), []);
  });

  it('judges the last probes alone: what was down for an hour is acquitted as soon as another', () => {
    note('a', ...Array.from({ length: 3600 }, () => true));
    note('a', false, false);

    assert.deepEqual(suspicion.convicted(), []);
  });

  it('takes nobody on for an answer, and no more than its limit', () => {
    note('fine', false);
    for (const key of ['a', 'b', 'c']) note(key, true);

    assert.deepEqual(rounds(3), ['a', 'b', 'a']);
  });

  it('asks no more than the confirmations, and who is convicted once in a while', () => {
    note('a', true);

    assert.deepEqual(rounds(5), ['a', 'a', 'a', '', '']);

    note('a', true, true, true);

    assert.deepEqual(rounds(9), ['', 'a', '', '', '', 'a', '', '', '']);
  });

  it('goes on probing one who was convicted by the probes of the plan', () => {
    note('a', true, true, true, true);

    assert.deepEqual(rounds(5), ['', '', '', 'a', '']);
  });

  it('has a fresh case displace the oldest conviction when the places are full', () => {
    note('a', true, true, true, true);
    rounds(1);
    note('b', true, true, true, true);
    note('c', true);

    assert.deepEqual(convictedOf(suspicion), ['b']);
    assert.deepEqual(rounds(1), ['c']);
  });

  it('closes a case of which nothing was heard for 60 rounds', () => {
    note('a', true, true, true, true);
    rounds(60);
    assert.deepEqual(convictedOf(suspicion), ['a']);

    rounds(1);

    assert.deepEqual(convictedOf(suspicion), []);
  });

  it('forgets who has left, and nobody else', () => {
    note('a', true, true, true, true);
    note('b', true, true, true, true);
    suspicion.retain((key) => key !== 'a');

    assert.deepEqual(convictedOf(suspicion), ['b']);
  });
});
