import { createSocket } from 'node:dgram';

import { StartupError } from '../errors.ts';
import { createStampClock } from './clock.ts';
import { errnoName } from './errno.ts';
import type { Libc } from './libc.ts';
import { socketAddress, type Family } from './socket-address.ts';
import { readQuestion, udpBytes, writeAnswer } from './udp-message.ts';

const SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0o4000 | 0o2000000;
const SIOCGSTAMPNS = 0x8907;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
/** Processes whose questions are counted at a time; the one that has asked least recently is forgotten. */
const maxSessions = 20_000;

export interface UdpResponder {
  readonly port: number;
  /** Questions answered so far. */
  readonly answered: () => number;
  readonly close: () => void;
}

/**
 * Answers UDP questions on all addresses of both families, or of IPv4 where there is no IPv6, with when each came, by the kernel's stamp, and when its answer
 * left. Rejects with StartupError.
 */
export async function startUdpResponder(libc: Libc, port: number): Promise<UdpResponder> {
  const { fd, family } = boundSocket(libc, port);
  const clock = createStampClock(libc);
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Addresses of messages are addresses already: looking them up would cost a turn of the event loop.
    lookup: (host, _, done) => done(null, host, family),
  });
  const sessions = new Map<number, number>();
  const stamp = new BigInt64Array(2);
  const answer = Buffer.alloc(udpBytes);
  let answered = 0;

  function count(key: number): number {
    const seen = ((sessions.get(key) ?? 0) + 1) >>> 0;
    sessions.delete(key);
    sessions.set(key, seen);
    if (sessions.size > maxSessions)
      for (const oldest of sessions.keys()) {
        sessions.delete(oldest);
        break;
      }
    return seen;
  }

  function received(): bigint {
    if (libc.ioctl(fd, SIOCGSTAMPNS, stamp) !== 0) return clock.toEpochNs(clock.nowNs());
    return (stamp[0] ?? 0n) * 1_000_000_000n + (stamp[1] ?? 0n);
  }

  // The kernel begins to stamp once somebody has asked for a stamp.
  libc.ioctl(fd, SIOCGSTAMPNS, stamp);
  socket.on('message', (message, from) => {
    const question = readQuestion(message);
    if (question === undefined) return;
    const receivedNs = received();
    const seen = count(question.key);
    writeAnswer(answer, { ...question, seen, receivedNs, sentNs: clock.toEpochNs(clock.nowNs()) });
    socket.send(answer, from.port, from.address);
    answered++;
  });
  socket.on('error', () => {
    // An answer that could not be sent: whoever asked counts it as lost.
  });
  await new Promise<void>((resolve) => socket.bind({ fd }, resolve));
  return {
    port: socket.address().port,
    answered: () => answered,
    close: () => socket.close(),
  };
}

interface Bound {
  readonly fd: number;
  readonly family: Family;
}

const domains: Readonly<Record<Family, number>> = { 4: 2, 6: 10 };
const anyAddress: Readonly<Record<Family, string>> = { 4: '0.0.0.0', 6: '::' };
/** What a kernel without IPv6 says, built or booted so, or where it is switched off. */
const withoutFamily: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

function boundSocket(libc: Libc, port: number): Bound {
  const six = bind(libc, 6, port);
  const bound = typeof six === 'string' && withoutFamily.has(six) ? bind(libc, 4, port) : six;
  if (typeof bound === 'string')
    throw new StartupError(
      `listening for UDP on port ${port}: ${bound}; ports.udp gives another, here and at the peers`,
    );
  return bound;
}

/** Gives the name of the error where it cannot be. */
function bind(libc: Libc, family: Family, port: number): Bound | string {
  const fd = libc.socket(domains[family], SOCK_DGRAM_NONBLOCK_CLOEXEC, 17);
  if (fd < 0) return errnoName(libc.errno());
  if (family === 6) libc.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, Int32Array.of(0), 4);
  const address = socketAddress(anyAddress[family], port) ?? Buffer.alloc(28);
  if (libc.bind(fd, address, address.length) === 0) return { fd, family };
  const why = errnoName(libc.errno());
  libc.close(fd);
  return why;
}
