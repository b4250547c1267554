import { createStepWatch } from '../../shared/packets/clock.ts';
import { errnoName } from '../../shared/packets/errno.ts';
import type { EchoSocket } from '../../shared/packets/echo-socket.ts';
import { createFlights, type Flight } from '../../shared/packets/flights.ts';
import { createAddressWriter, type Family } from '../../shared/packets/socket-address.ts';
import { reasonOf, type FailureReason, type OnSample } from '../core/sample.ts';
import type { Target } from '../core/target.ts';
import type { Prober, Turn } from './prober.ts';

export interface IcmpProberOptions {
  /** One or both, by family; a target of another family cannot be sent to. */
  readonly sockets: Readonly<Partial<Record<Family, EchoSocket>>>;
  readonly timeoutMs: number;
  readonly onSample: OnSample;
}

/** A send that took longer was interrupted: its stamp may be off by as much. */
const lateSendNs = 1e6;
/** A reply cannot be stamped later than it is read; the clocks are not looked at in the same moment. */
const clockSlackNs = 5e6;

/** Echo requests to many targets by one socket a family. */
export function createIcmpProber(options: IcmpProberOptions): Prober {
  const { sockets, timeoutMs, onSample } = options;
  const flights = createFlights<Target>(Math.floor(Math.random() * 2 ** 31));
  const addressOf = createAddressWriter();

  function fail(target: Target, reason: FailureReason, late: boolean): void {
    if (!target.gone) onSample({ kind: 'failed', target, reason, late });
  }

  function launch(target: Target, turn: Turn): void {
    const { late } = turn;
    const address = addressOf(target.peer.address);
    const socket = sockets[address?.length === 28 ? 6 : 4];
    if (address === undefined || socket === undefined) return fail(target, 'no_address', late);
    const number = flights.next();
    const sent = socket.send(address, number);
    if (sent.errno !== 0) return fail(target, reasonOf(errnoName(sent.errno)), late);
    const interrupted = sent.tookNs > lateSendNs || sent.tookNs < 0;
    flights.add(target, sent.atNs, interrupted ? { ...turn, late: true } : turn);
  }

  function answer(
    { target, sentNs, sentMs, late }: Readonly<Flight<Target>>,
    receivedNs: number,
    turn: Turn,
  ): void {
    if (target.gone) return;
    const rttNs = receivedNs - sentNs;
    const isLate = late || turn.late;
    const mostNs = (performance.now() - sentMs) * 1e6 + clockSlackNs;
    if (rttNs < 0 || rttNs > mostNs) return fail(target, 'clock_stepped', isLate);
    onSample({ kind: 'ok', target, rttNs, late: isLate });
  }

  const all = Object.values(sockets);
  const [first] = all;
  const stepped = first === undefined ? () => false : createStepWatch(first.clock);
  return {
    stamps: all.every(({ stamps }) => stamps === 'kernel') ? 'kernel' : 'user',
    launch,
    turn: (turn) => {
      // One of the two stamps would be of the clock as it was before.
      if (stepped())
        flights.expire(Number.POSITIVE_INFINITY, ({ target, late }) =>
          fail(target, 'clock_stepped', late || turn.late),
        );
      for (const socket of all)
        socket.receive((number, receivedNs) => {
          const flight = flights.take(number);
          if (flight !== undefined) answer(flight, receivedNs, turn);
        });
      flights.expire(turn.nowMs - timeoutMs, ({ target, late }) =>
        fail(target, 'timeout', late || turn.late),
      );
    },
    underWay: flights.size,
    close: () => {
      for (const socket of all) socket.close();
    },
  };
}
