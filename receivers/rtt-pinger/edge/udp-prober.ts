import { createStepWatch } from '../../shared/packets/clock.ts';
import type { DatagramSocket } from '../../shared/packets/datagram-socket.ts';
import { errnoName } from '../../shared/packets/errno.ts';
import { createFlights, type Flight } from '../../shared/packets/flights.ts';
import { createAddressWriter, type Family } from '../../shared/packets/socket-address.ts';
import {
  readAnswer,
  udpBytes,
  writeQuestion,
  type UdpAnswer,
} from '../../shared/packets/udp-message.ts';
import { createRecentMap } from '../core/recent-map.ts';
import { reasonOf, type FailureReason, type OnSample } from '../core/sample.ts';
import type { Target } from '../core/target.ts';
import type { Prober, Turn } from './prober.ts';

export interface UdpProberOptions {
  readonly sockets: Readonly<Partial<Record<Family, DatagramSocket>>>;
  readonly timeoutMs: number;
  readonly onSample: OnSample;
}

/** What one peer was asked so far, whichever object names it as a target. */
interface Session {
  readonly key: number;
  sent: number;
}

interface Asked {
  readonly target: Target;
  readonly key: number;
  readonly sentSoFar: number;
}

/** An answer cannot be stamped later than it is read; the clocks are not looked at in the same moment. */
const clockSlackNs = 5e6;
/** Peers beyond that, of whom those that were asked least recently begin a new session. */
const mostSessions = 20_000;

/** Questions to the responders of many peers; the time that a responder took is not in the round trip. */
export function createUdpProber(options: UdpProberOptions): Prober {
  const { sockets, timeoutMs, onSample } = options;
  const question = Buffer.alloc(udpBytes);
  const addressOf = createAddressWriter();
  const flights = createFlights<Asked>();
  const sessions = createRecentMap<Session>(mostSessions);

  function sessionOf({ key }: Target): Session {
    const session = sessions.get(key) ?? { key: randomKey(), sent: 0 };
    sessions.set(key, session);
    return session;
  }

  function fail(target: Target, reason: FailureReason, late: boolean): void {
    if (!target.gone) onSample({ kind: 'failed', target, reason, late });
  }

  function launch(target: Target, turn: Turn): void {
    const { late } = turn;
    const address = addressOf(target.peer.address, target.port);
    const socket = sockets[address?.length === 28 ? 6 : 4];
    if (address === undefined || socket === undefined) return fail(target, 'no_address', late);
    const number = flights.next();
    const session = sessionOf(target);
    writeQuestion(question, { key: session.key, number });
    const { errno, atNs } = socket.send(address, question, udpBytes);
    if (errno !== 0) return fail(target, reasonOf(errnoName(errno)), late);
    const asked = { target, key: session.key, sentSoFar: ++session.sent };
    flights.add(asked, atNs, turn);
  }

  function take(
    { target: { target, key: session, sentSoFar }, sentNs, sentMs, late }: Readonly<Flight<Asked>>,
    answer: UdpAnswer,
    arrived: {
      readonly socket: DatagramSocket;
      readonly receivedNs: number;
      readonly late: boolean;
    },
  ): void {
    if (target.gone) return;
    const { socket, receivedNs } = arrived;
    const isLate = late || arrived.late;
    const rttNs = receivedNs - sentNs - Number(answer.sentNs - answer.receivedNs);
    const mostNs = (performance.now() - sentMs) * 1e6 + clockSlackNs;
    if (rttNs < 0 || rttNs > receivedNs - sentNs || rttNs > mostNs)
      return fail(target, 'clock_stepped', isLate);
    const outNs = Number(answer.receivedNs - socket.clock.toEpochNs(sentNs));
    const backNs = Number(socket.clock.toEpochNs(receivedNs) - answer.sentNs);
    const oneWay = { outNs, backNs, session, responderSaw: answer.seen, sentSoFar };
    onSample({ kind: 'ok', target, rttNs, late: isLate, oneWay });
  }

  const all = Object.values(sockets);
  const [first] = all;
  const stepped = first === undefined ? () => false : createStepWatch(first.clock);
  return {
    stamps: all.every(({ stamps }) => stamps === 'kernel') ? 'kernel' : 'user',
    launch,
    turn: ({ nowMs, late }) => {
      // One of the two stamps would be of the clock as it was before.
      if (stepped())
        flights.expire(Number.POSITIVE_INFINITY, (flight) =>
          fail(flight.target.target, 'clock_stepped', flight.late || late),
        );
      for (const socket of all)
        socket.receive((bytes, place, receivedNs) => {
          const answer = readAnswer(bytes, place);
          if (answer === undefined) return;
          const flight = flights.take(answer.number);
          // Of an earlier process of ours, or made up.
          if (flight?.target.key !== answer.key) return;
          take(flight, answer, { socket, receivedNs, late });
        });
      flights.expire(nowMs - timeoutMs, (flight) =>
        fail(flight.target.target, 'timeout', flight.late || late),
      );
    },
    underWay: flights.size,
    close: () => {
      for (const socket of all) socket.close();
    },
  };
}

/** Who does not see the questions cannot make up answers. */
function randomKey(): number {
  const [key = 0] = globalThis.crypto.getRandomValues(new Uint32Array(1));
  return key;
}
