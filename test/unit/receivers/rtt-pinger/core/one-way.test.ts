import assert from 'node:assert/strict';

import { lossOf, seeMore, type Seen } from '../../../../../receivers/rtt-pinger/core/loss.ts';
import { createOneWayEstimate } from '../../../../../receivers/rtt-pinger/core/one-way.ts';
import { addSample, createPair, type Pair } from '../../../../../receivers/rtt-pinger/core/pair.ts';
import { wantedOf } from '../../../../../receivers/rtt-pinger/core/target.ts';
import { peer } from '../peers.ts';

describe('seeMore', () => {
  const before: Seen = { session: 1, sentSoFar: 10, responderSaw: 10 };
  for (const [title, sentSoFar, responderSaw, out, back] of [
    ['nothing where the next was answered', 11, 11, 0, 0],
    ['what the responder never saw', 14, 11, 3, 0],
    ['what it answered in vain', 14, 14, 0, 3],
    ['both', 15, 13, 2, 2],
    ['nothing of a responder that began anew', 14, 1, 0, 0],
    ['that the way back had lost nothing where an answer was overtaken', 9, 9, 0, -1],
    ['that the way out had lost nothing where a question was overtaken', 9, 11, -1, 0],
  ] as const)
    it(`tells ${title}`, () => {
      assert.deepEqual(seeMore(before, { session: 1, sentSoFar, responderSaw }).lost, {
        out,
        back,
      });
    });

  it('tells nothing of another session, and goes on with it', () => {
    const now = { session: 2, sentSoFar: 14, responderSaw: 3 };

    assert.deepEqual(seeMore(before, now), { seen: now, sent: 1, lost: { out: 0, back: 0 } });
  });

  it('goes on with the newest numbers after an answer that was overtaken', () => {
    assert.deepEqual(seeMore(before, { session: 1, sentSoFar: 9, responderSaw: 11 }).seen, {
      session: 1,
      sentSoFar: 10,
      responderSaw: 11,
    });
  });
});

describe('a pair by UDP', () => {
  const target = { ...wantedOf(peer('worker', '192.0.2.1'), 'udp', 1), gone: false };
  let pair: Pair;
  beforeEach(() => (pair = createPair(target)));

  function answer(
    sentSoFar: number,
    responderSaw: number,
    more: { session?: number; outNs?: number; backNs?: number } = {},
  ): void {
    const { session = 1, outNs = 1000, backNs = 1000 } = more;
    const oneWay = { outNs, backNs, session, responderSaw, sentSoFar };
    const sample = { kind: 'ok', target, rttNs: outNs + backNs, late: false, oneWay } as const;
    addSample(pair, sample, { nowMs: sentSoFar * 1000, sound: true });
  }

  const losses = () =>
    (['out', 'back'] as const).map((way) => {
      const { window } = pair.directed?.ways[way] ?? assert.fail('no ways');
      return lossOf(window);
    });

  it('loses nothing in either direction by answers out of order', () => {
    for (const number of [1, 3, 2, 5, 4, 6]) answer(number, number);

    assert.deepEqual(losses(), [0, 0]);
    assert.equal(pair.directed?.ways.out.window.sent, 6);
  });

  it('loses nothing in either direction where a new session begins', () => {
    answer(40, 40);
    answer(1, 1, { session: 2 });
    answer(2, 2, { session: 2 });

    assert.deepEqual(losses(), [0, 0]);
  });

  it('tells how much each way varies, whatever the least delays are held to be', () => {
    // Out grows by a millisecond each time, and it is never the least one.
    answer(1, 1, { outNs: 5e6, backNs: 1e6 });
    answer(2, 2, { outNs: 4e6, backNs: 1e6 });
    answer(3, 3, { outNs: 3e6, backNs: 1e6 });

    assert.equal(pair.directed?.ways.out.jitterNs, 1e6);
    assert.equal(pair.directed.ways.back.jitterNs, 0);
  });

  it('has no jitter by what the clocks have drifted since a probe of long ago', () => {
    answer(1, 1);
    answer(2, 2);
    answer(1000, 3, { outNs: 5e6, backNs: 1000 - 5e6 + 1000 });

    assert.deepEqual([pair.directed?.ways.out.jitterNs, pair.directed?.ways.back.jitterNs], [0, 0]);
  });

  it('has no jitter by a step of a clock, which is counted', () => {
    answer(1, 1, { outNs: 1e6, backNs: 1e6 });
    answer(2, 2, { outNs: 1e6, backNs: 1e6 });
    answer(3, 3, { outNs: 9e6, backNs: -7e6 });
    answer(4, 4, { outNs: 9e6, backNs: -7e6 });

    const { ways, steps } = pair.directed ?? assert.fail('no ways');
    assert.deepEqual([ways.out.jitterNs, ways.back.jitterNs, steps], [0, 0, 1]);
    assert.deepEqual([ways.out.delayNs, ways.back.delayNs], [1e6, 1e6]);
  });
});

describe('createOneWayEstimate', () => {
  const offsetNs = 5e9;
  const ways = (outNs: number, backNs: number, offset = offsetNs) => ({
    outNs: outNs + offset,
    backNs: backNs - offset,
  });

  it('takes the offset of two clocks out', () => {
    const estimate = createOneWayEstimate();
    estimate.add(ways(100, 100), 0);

    const delays = (outNs: number, backNs: number) => ({
      outNs,
      backNs,
      stepped: false,
      anew: false,
    });
    assert.deepEqual(estimate.add(ways(400, 100), 1), delays(400, 100));
    assert.deepEqual(estimate.add(ways(100, 900), 2), delays(100, 900));
  });

  it('begins anew where the ways jump oppositely, forth and back', () => {
    const estimate = createOneWayEstimate();
    estimate.add(ways(1e5, 1e5), 0);

    const there = estimate.add(ways(1e5, 1e5, offsetNs + 3e6), 1);
    const back = estimate.add(ways(1e5, 1e5), 2);

    assert.deepEqual(there, { outNs: 1e5, backNs: 1e5, stepped: true, anew: true });
    assert.deepEqual(back, { outNs: 1e5, backNs: 1e5, stepped: true, anew: true });
  });

  for (const [title, outNs, backNs] of [
    ['a queue on one way', 9e6, 1e5],
    ['queues on both ways', 9e6, 4e6],
    ['a shorter route', 1e4, 1e4],
  ] as const)
    it(`takes ${title} for no step`, () => {
      const estimate = createOneWayEstimate();
      estimate.add(ways(1e5, 1e5), 0);

      assert.equal(estimate.add(ways(outNs, backNs), 1).stepped, false);
    });

  it('forgets least delays of two minutes ago, for the clocks have drifted since', () => {
    const estimate = createOneWayEstimate();
    estimate.add(ways(1e5, 1e5), 0);

    const drifted = estimate.add(ways(1e5, 1e5, offsetNs + 4e5), 500_000);

    assert.deepEqual(drifted, { outNs: 1e5, backNs: 1e5, stepped: false, anew: true });
  });
});
