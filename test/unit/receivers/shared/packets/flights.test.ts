import assert from 'node:assert/strict';

import { createFlights } from '../../../../../receivers/shared/packets/flights.ts';

function flight(number: number, sentMs: number) {
  return { number, target: `target ${number}`, sentNs: 0, sentMs, late: false };
}

describe('flights', () => {
  it('are taken once', () => {
    const flights = createFlights<string>();
    flights.add(flight(1, 0));

    assert.equal(flights.take(1)?.target, 'target 1');
    assert.equal(flights.take(1), undefined);
  });

  it('expire in the order in which they were sent, and no younger ones', () => {
    const flights = createFlights<string>();
    for (const [number, sentMs] of [
      [1, 0],
      [2, 10],
      [3, 20],
    ] as const)
      flights.add(flight(number, sentMs));
    const expired: number[] = [];
    flights.expire(10, ({ number }) => expired.push(number));

    assert.deepEqual(expired, [1, 2]);
    assert.equal(flights.size(), 1);
  });

  it('are numbered on from 0 after the last number of 32 bits', () => {
    const flights = createFlights<string>(0xfffffffe);

    assert.deepEqual([flights.next(), flights.next(), flights.next()], [0xffffffff, 0, 1]);
  });
});
