import { createStepWatch } from '../../shared/packets/clock.ts';
import { errnoName } from '../../shared/packets/errno.ts';
import type { EchoSocket } from '../../shared/packets/echo-socket.ts';
import { createFlights, type Flight } from '../../shared/packets/flights.ts';
import { socketAddress, type Family } from '../../shared/packets/socket-address.ts';
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
  const flights = createFlights<Target>(Math.floor(Math.random() * 2 ** 32));
  const addresses = new WeakMap<Target, { readonly bytes: Buffer; readonly socket: EchoSocket }>();

  function wayTo(
    target: Target,
  ): { readonly bytes: Buffer; readonly socket: EchoSocket } | undefined {
    const known = addresses.get(target);
    if (known !== undefined) return known;
    const bytes = socketAddress(target.peer.address);
    const socket = sockets[bytes?.length === 28 ? 6 : 4];
    if (bytes === undefined || socket === undefined) return undefined;
    const way = { bytes, socket };
    addresses.set(target, way);
    return way;
  }

  function fail(target: Target, reason: FailureReason, late: boolean): void {
    if (!target.gone) onSample({ kind: 'failed', target, reason, late });
  }

  function launch(target: Target, { nowMs, late }: Turn): void {
    const way = wayTo(target);
    if (way === undefined) return fail(target, 'no_address', late);
    const number = flights.next();
    const sent = way.socket.send(way.bytes, number);
    if (sent.errno !== 0) return fail(target, reasonOf(errnoName(sent.errno)), late);
    const interrupted = sent.tookNs > lateSendNs || sent.tookNs < 0;
    flights.add({ number, target, sentNs: sent.atNs, sentMs: nowMs, late: late || interrupted });
  }

  function answer(
    { target, sentNs, sentMs, late }: Flight<Target>,
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
