import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { createFlights, type Flights } from '../../../../../receivers/shared/packets/flights.ts';

function send(flights: Flights<string>, sentMs: number, late = false): number {
  const number = flights.next();
  flights.add(`target ${number}`, 10 * sentMs, { nowMs: sentMs, late });
  return number;
}

function expired(flights: Flights<string>, beforeMs: number): number[] {
  const numbers: number[] = [];
  flights.expire(beforeMs, ({ number }) => numbers.push(number));
  return numbers;
}

describe('flights', () => {
  it('are taken once, with what was known of them', () => {
    const flights = createFlights<string>();
    const number = send(flights, 7, true);

    const taken = { number, target: `target ${number}`, sentNs: 70, sentMs: 7, late: true };
    assert.deepEqual(flights.take(number), taken);
    assert.equal(flights.take(number), undefined);
    assert.equal(flights.size(), 0);
  });

  it('expire in the order in which they were sent, and no younger ones', () => {
    const flights = createFlights<string>();
    const [one, two] = [0, 10, 20].map((sentMs) => send(flights, sentMs));

    assert.deepEqual(expired(flights, 10), [one, two]);
    assert.equal(flights.size(), 1);
  });

  it('are numbered on from 0 after the last number of 31 bits', () => {
    const flights = createFlights<string>(0x7ffffffe);
    const numbers = [1, 2, 3].map((sentMs) => send(flights, sentMs));

    assert.deepEqual(numbers, [0x7fffffff, 0, 1]);
    assert.deepEqual(expired(flights, 2), [0x7fffffff, 0]);
    assert.equal(flights.take(1)?.sentMs, 3);
  });

  it('do not know a number that was never given, nor one that did not leave', () => {
    const flights = createFlights<string>();
    const unsent = flights.next();
    const number = send(flights, 1);

    for (const other of [unsent, number + 1, number + 1024, number + 2 ** 30])
      assert.equal(flights.take(other), undefined, `${other}`);
    assert.equal(flights.size(), 1);
  });

  it('are what a map of them would be, whatever is sent, answered and given up, in whatever order', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('send' as const), many: fc.nat(700) }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('skip' as const), many: fc.nat(9) }) },
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('take' as const), many: fc.nat(5000) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('expire' as const), many: fc.nat(3) }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(0x7fffffff), (steps, first) => {
        const flights = createFlights<string>(first);
        const model = new Map<number, number>();
        let nowMs = 0;
        for (const { kind, many } of steps) {
          nowMs++;
          if (kind === 'send')
            for (let sent = 0; sent < many; sent++) model.set(send(flights, nowMs), nowMs);
          if (kind === 'skip') for (let skipped = 0; skipped < many; skipped++) flights.next();
          const number = (first + many) & 0x7fffffff;
          if (kind === 'take') {
            assert.equal(flights.take(number)?.sentMs, model.get(number));
            model.delete(number);
          }
          if (kind === 'expire') {
            const old = [...model].filter(([, sentMs]) => sentMs <= nowMs - many);
            assert.deepEqual(
              expired(flights, nowMs - many),
              old.map(([each]) => each),
            );
            for (const [each] of old) model.delete(each);
          }
          assert.equal(flights.size(), model.size);
        }
        assert.deepEqual(expired(flights, Number.POSITIVE_INFINITY), [...model.keys()]);
      }),
    );
  });
});
