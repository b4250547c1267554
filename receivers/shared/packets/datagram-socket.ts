import { createStampClock, type StampClock } from './clock.ts';
import { errnoName } from './errno.ts';
import type { Inlet } from './inlet.ts';
import type { Libc } from './libc.ts';
import type { Family } from './socket-address.ts';
import { stampedInlet } from './stamped-inlet.ts';
import { unstampedInlet } from './unstamped-inlet.ts';

/** What tells when a message came: the kernel as it arrived, or we as we read it. */
export type StampSource = 'kernel' | 'user';

/** What a send came to. It is written anew by every send: 50,000 of them a second leave nothing behind. */
export interface Sent {
  /** Just before the call. */
  atNs: number;
  /** How long the call took: the stamp is off by that much at most. */
  tookNs: number;
  /** 0, or the error number. */
  errno: number;
}

/** A datagram socket of the kernel, with stamps of both ways by one clock. */
export interface DatagramSocket extends Inlet {
  readonly family: Family;
  readonly stamps: StampSource;
  readonly clock: StampClock;
  /** Sends the first `length` bytes; what it gives is written anew by the next send. */
  readonly send: (address: Uint8Array, bytes: Uint8Array, length: number) => Readonly<Sent>;
}

export type DatagramSocketAnswer =
  | { readonly kind: 'open'; readonly socket: DatagramSocket }
  | { readonly kind: 'refused'; readonly why: string };

export interface DatagramOptions {
  readonly family: Family;
  readonly protocol: 'icmp' | 'udp';
  /** `user` reads no kernel stamps even where there are some. */
  readonly stamps?: StampSource;
}

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const domains: Readonly<Record<Family, number>> = { 4: 2, 6: 10 };
const protocols = { icmp: { 4: 1, 6: 58 }, udp: { 4: 17, 6: 17 } } as const;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_TIMESTAMPNS = 35;
/** The kernel cuts it to net.core.rmem_max: room for the replies that come while the event loop is held up. */
const bufferBytes = 4 * 1024 * 1024;

/** Opens a socket; close it when done. */
export function openDatagramSocket(libc: Libc, options: DatagramOptions): DatagramSocketAnswer {
  const { family, protocol } = options;
  const type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const fd = libc.socket(domains[family], type, protocols[protocol][family]);
  if (fd < 0) return { kind: 'refused', why: `${protocol} socket: ${errnoName(libc.errno())}` };
  const set = (name: number, value: number): boolean =>
    libc.setsockopt(fd, SOL_SOCKET, name, Int32Array.of(value), 4) === 0;
  set(SO_RCVBUF, bufferBytes);
  set(SO_SNDBUF, bufferBytes);
  const stamps = options.stamps !== 'user' && set(SO_TIMESTAMPNS, 1) ? 'kernel' : 'user';
  const clock = createStampClock(libc);
  const source = { fd, clock, family };
  const inlet = stamps === 'kernel' ? stampedInlet(libc, source) : unstampedInlet(source);
  const sent: Sent = { atNs: 0, tookNs: 0, errno: 0 };
  return {
    kind: 'open',
    socket: {
      family,
      stamps,
      clock,
      send: (address, bytes, length) => {
        sent.atNs = clock.nowNs();
        const result = libc.sendto(fd, bytes, length, 0, address, address.length);
        sent.errno = result < 0 ? libc.errno() : 0;
        sent.tookNs = clock.nowNs() - sent.atNs;
        return sent;
      },
      ...inlet,
    },
  };
}
