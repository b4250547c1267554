import { errnoName } from './errno.ts';
import type { Libc } from './libc.ts';

const SOCK_STREAM_NONBLOCK_CLOEXEC = 1 | 0o4000 | 0o2000000;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const EINPROGRESS = 115;
/** Places in tcp_info, whose beginning never changes. */
const infoBytes = 104;
const rttOffset = 68;
const retransmitsOffset = 100;
const established = 1;
const synSent = 2;

export type TcpState =
  | { readonly kind: 'waiting' }
  /** The kernel's own measure, between its SYN and the answer to it, in whole microseconds. */
  | { readonly kind: 'connected'; readonly rttNs: number; readonly retransmitted: boolean }
  | { readonly kind: 'failed'; readonly errno: string };

/** A connection attempt that the kernel times: how late anybody looks does not matter. */
export interface TcpConnect {
  readonly look: () => TcpState;
  /** Ends the connection in order: a reset would be an error to many servers. Safe twice. */
  readonly close: () => void;
}

export type TcpConnectAnswer =
  | { readonly kind: 'begun'; readonly connect: TcpConnect }
  | { readonly kind: 'failed'; readonly errno: string };

/** Begins a connection to a socket address. */
export function beginConnect(libc: Libc, address: Uint8Array): TcpConnectAnswer {
  const domain = address.length === 28 ? 10 : 2;
  const fd = libc.socket(domain, SOCK_STREAM_NONBLOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return { kind: 'failed', errno: errnoName(libc.errno()) };
  if (libc.connect(fd, address, address.length) < 0 && libc.errno() !== EINPROGRESS) {
    const errno = errnoName(libc.errno());
    libc.close(fd);
    return { kind: 'failed', errno };
  }
  let open = true;
  return {
    kind: 'begun',
    connect: {
      look: () => look(libc, fd),
      close: () => {
        if (open) libc.close(fd);
        open = false;
      },
    },
  };
}

function look(libc: Libc, fd: number): TcpState {
  const info = Buffer.alloc(infoBytes);
  if (libc.getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, Int32Array.of(infoBytes)) !== 0)
    return { kind: 'failed', errno: errnoName(libc.errno()) };
  const retransmitted = info.readUInt32LE(retransmitsOffset) > 0;
  if (info[0] === synSent) return { kind: 'waiting' };
  if (info[0] === established)
    return { kind: 'connected', rttNs: info.readUInt32LE(rttOffset) * 1000, retransmitted };
  const error = Buffer.alloc(4);
  libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, error, Int32Array.of(4));
  const errno = error.readInt32LE();
  const rttNs = info.readUInt32LE(rttOffset) * 1000;
  // Accepted, and ended by the peer before anybody looked.
  if (errno === 0 && rttNs > 0) return { kind: 'connected', rttNs, retransmitted };
  return { kind: 'failed', errno: errnoName(errno) };
}
