import assert from 'node:assert/strict';

import type { Sample } from '../../../../../receivers/rtt-pinger/core/sample.ts';
import { wantedOf, type Target } from '../../../../../receivers/rtt-pinger/core/target.ts';
import { createIcmpProber } from '../../../../../receivers/rtt-pinger/edge/icmp-prober.ts';
import type { Prober } from '../../../../../receivers/rtt-pinger/edge/prober.ts';
import { createUdpProber } from '../../../../../receivers/rtt-pinger/edge/udp-prober.ts';
import { createStepWatch, type StampClock } from '../../../../../receivers/shared/packets/clock.ts';
import {
  readQuestion,
  udpBytes,
  writeAnswer,
} from '../../../../../receivers/shared/packets/udp-message.ts';
import { peer } from '../peers.ts';

/** Set by the tests: what somebody has moved the wall clock by. */
let steppedNs = 0;
/** What the stamps of replies are off by. */
let lateStepNs = 0;
beforeEach(() => {
  steppedNs = 0;
  lateStepNs = 0;
});

const clock: StampClock = {
  nowNs: () => performance.now() * 1e6 + steppedNs,
  fromStamp: (seconds, nanoseconds) => seconds * 1e9 + nanoseconds,
  toEpochNs: (ns) => BigInt(Math.round(ns)),
};
const common = { family: 4, stamps: 'kernel', clock, close: () => undefined } as const;
const turn = () => ({ nowMs: performance.now(), late: false, overdue: () => false });

/** Each gives what was sent to it back when it is read next, stamped 100 us after it was sent. */
const probers = {
  icmp: (onSample: (sample: Sample) => void): Prober => {
    const sent: { number: number; atNs: number }[] = [];
    const socket = {
      ...common,
      send: (_: Uint8Array, number: number) => {
        const atNs = clock.nowNs();
        sent.push({ number, atNs });
        return { atNs, tookNs: 0, errno: 0 };
      },
      receive: (onReply: (number: number, receivedNs: number) => void) => {
        for (const { number, atNs } of sent.splice(0)) onReply(number, atNs + 1e5 + lateStepNs);
        return 0;
      },
    };
    return createIcmpProber({ sockets: { 4: socket }, timeoutMs: 1000, onSample });
  },
  udp: (onSample: (sample: Sample) => void): Prober => {
    const sent: { question: Buffer; atNs: number }[] = [];
    let seen = 0;
    const socket = {
      ...common,
      send: (_: Uint8Array, bytes: Uint8Array) => {
        const atNs = clock.nowNs();
        sent.push({ question: Buffer.from(bytes), atNs });
        return { atNs, tookNs: 0, errno: 0 };
      },
      receive: (
        onMessage: (
          bytes: Buffer,
          place: { at: number; length: number },
          receivedNs: number,
        ) => void,
      ) => {
        for (const { question, atNs } of sent.splice(0)) {
          const asked = readQuestion(question) ?? assert.fail('no question');
          const answer = Buffer.alloc(udpBytes);
          writeAnswer(answer, { ...asked, seen: ++seen, receivedNs: 1n, sentNs: 1n });
          onMessage(answer, { at: 0, length: udpBytes }, atNs + 1e5 + lateStepNs);
        }
      },
    };
    return createUdpProber({ sockets: { 4: socket }, timeoutMs: 1000, onSample });
  },
};
for (const protocol of ['icmp', 'udp'] as const)
  describe(`probes by ${protocol} while the wall clock is set`, () => {
    let samples: Sample[];
    let prober: Prober;
    const target = (): Target => ({
      ...wantedOf(peer('peer', '192.0.2.1'), protocol, 1),
      gone: false,
    });
    const told = () => samples.map((sample) => (sample.kind === 'ok' ? 'ok' : sample.reason));

    beforeEach(() => {
      samples = [];
      prober = probers[protocol]((sample) => samples.push(sample));
    });

    it('hold where it is not', () => {
      prober.launch(target(), turn());
      prober.turn(turn());

      assert.deepEqual(told(), ['ok']);
    });

    for (const byNs of [4e6, -4e6, 3.6e12])
      it(`are void when it moves by ${byNs} ns, and hold again afterwards`, () => {
        prober.launch(target(), turn());
        steppedNs = byNs;
        lateStepNs = Math.abs(byNs);
        prober.turn(turn());
        lateStepNs = 0;
        prober.launch(target(), turn());
        prober.turn(turn());

        assert.deepEqual(told(), ['clock_stepped', 'ok']);
      });

    it('are void where a stamp lies after the time at which it was read', () => {
      prober.launch(target(), turn());
      lateStepNs = 1e9;
      prober.turn(turn());

      assert.deepEqual(told(), ['clock_stepped']);
    });
  });

describe('probes by udp of one target that several objects name', () => {
  it('are of one session', () => {
    const samples: Sample[] = [];
    const prober = probers.udp((sample) => samples.push(sample));
    for (let round = 0; round < 3; round++) {
      prober.launch({ ...wantedOf(peer('peer', '192.0.2.1'), 'udp', 1), gone: false }, turn());
      prober.turn(turn());
    }

    const ways = samples.map((sample) => (sample.kind === 'ok' ? sample.oneWay : undefined));
    assert.deepEqual(
      ways.map((way) => [way?.sentSoFar, way?.responderSaw]),
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    );
    assert.equal(new Set(ways.map((way) => way?.session)).size, 1);
  });
});

describe('createStepWatch', () => {
  it('takes being interrupted between two looks for no step', () => {
    let nowMs = 0;
    let interruptedMs = 0;
    const stepped = createStepWatch({ nowNs: () => 7e9 + (nowMs += interruptedMs) * 1e6 }, () => {
      nowMs += interruptedMs / 2;
      return nowMs;
    });
    const told = [0, 50, 0, 10, 0].map((ms) => {
      interruptedMs = ms;
      return stepped();
    });

    assert.deepEqual(told, [false, false, false, false, false]);
  });

  it('takes a slow drift for no step, and a small step in it for one', () => {
    let nowMs = 0;
    let offNs = 0;
    const stepped = createStepWatch({ nowNs: () => nowMs * 1e6 + offNs }, () => nowMs);
    const told = Array.from({ length: 1000 }, (_, second) => {
      nowMs += 1000;
      offNs += second === 500 ? 100_000 : 1000;
      return stepped();
    });

    assert.deepEqual([told.filter(Boolean).length, told.indexOf(true)], [1, 500]);
  });
});
