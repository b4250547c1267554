import {
  openDatagramSocket,
  type DatagramOptions,
  type DatagramSocket,
  type Sent,
} from './datagram-socket.ts';
import { echoBytes, echoRequest, replyNumber, setNumber } from './echo-message.ts';
import type { Libc } from './libc.ts';

/** An unprivileged datagram ICMP socket: it sees the replies to its own requests and nothing else. */
export interface EchoSocket extends Pick<DatagramSocket, 'family' | 'stamps' | 'clock' | 'close'> {
  /** Sends one echo request with a number of 31 bits; what it gives is written anew by the next. */
  readonly send: (address: Uint8Array, number: number) => Readonly<Sent>;
  /** Hands over every reply that has come; says how many. Returns at once. */
  readonly receive: (onReply: (number: number, receivedNs: number) => void) => number;
}

export type EchoSocketAnswer =
  | { readonly kind: 'open'; readonly socket: EchoSocket }
  | { readonly kind: 'refused'; readonly why: string };

/** Opens the socket; refused where net.ipv4.ping_group_range does not hold a group of the process. */
export function openEchoSocket(
  libc: Libc,
  options: Omit<DatagramOptions, 'protocol'>,
): EchoSocketAnswer {
  const opened = openDatagramSocket(libc, { ...options, protocol: 'icmp' });
  if (opened.kind === 'refused')
    return { ...opened, why: `${opened.why}; net.ipv4.ping_group_range must hold the group` };
  const { socket } = opened;
  const { family } = options;
  // It tells our replies from those to another process of the same number, and keeps no secret.
  const key = Math.floor(Math.random() * 2 ** 32) | 0;
  const request = echoRequest(family, key);
  const ours = { family, key };
  return {
    kind: 'open',
    socket: {
      ...socket,
      send: (address, number) => {
        setNumber(request, number);
        return socket.send(address, request, echoBytes);
      },
      receive: (onReply) => {
        let replies = 0;
        socket.receive((bytes, place, receivedNs) => {
          const number = replyNumber(bytes, place, ours);
          if (number < 0) return;
          replies++;
          onReply(number, receivedNs);
        });
        return replies;
      },
    },
  };
}
