import { createSocket } from 'node:dgram';

import { messageOf, StartupError } from '../errors.ts';
import { createStampClock } from './clock.ts';
import { errnoName } from './errno.ts';
import type { Libc } from './libc.ts';
import { socketAddress } from './socket-address.ts';
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
 * Answers UDP questions on all addresses of both families with when each came, by the kernel's stamp, and when its answer
 * left. Rejects with StartupError.
 */
export async function startUdpResponder(libc: Libc, port: number): Promise<UdpResponder> {
  const fd = boundSocket(libc, port);
  const clock = createStampClock(libc);
  const socket = createSocket({
    type: 'udp6',
    // Addresses of messages are addresses already: looking them up would cost a turn of the event loop.
    lookup: (host, _, done) => done(null, host, 6),
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

function boundSocket(libc: Libc, port: number): number {
  const fd = libc.socket(10, SOCK_DGRAM_NONBLOCK_CLOEXEC, 17);
  const refuse = (): never => {
    const why = errnoName(libc.errno());
    if (fd >= 0) libc.close(fd);
    throw new StartupError(`listening for UDP on port ${port}: ${messageOf(why)}`);
  };
  if (fd < 0) refuse();
  libc.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, Int32Array.of(0), 4);
  const address = socketAddress('::', port) ?? Buffer.alloc(28);
  if (libc.bind(fd, address, address.length) !== 0) refuse();
  return fd;
}
