import {
  openDatagramSocket,
  type DatagramSocket,
  type StampSource,
} from '../../shared/packets/datagram-socket.ts';
import { openEchoSocket, type EchoSocket } from '../../shared/packets/echo-socket.ts';
import type { LibcAnswer } from '../../shared/packets/libc.ts';
import type { Family } from '../../shared/packets/socket-address.ts';
import type { OnSample } from '../core/sample.ts';
import type { Protocol } from '../core/target.ts';
import { createHttpProber } from './http-prober.ts';
import { createIcmpProber } from './icmp-prober.ts';
import { createPlainTcpProber } from './plain-tcp-prober.ts';
import type { Prober } from './prober.ts';
import { createTcpProber } from './tcp-prober.ts';
import { createTcpStandIn } from './tcp-stand-in.ts';
import { createUdpProber } from './udp-prober.ts';

/** How probes of a protocol are really made: where ICMP is not permitted, TCP stands in for it, and says so. */
export type Method = 'icmp' | 'udp' | 'tcp' | 'tcp-instead' | 'http';

export interface OpenedProber {
  readonly protocol: Protocol;
  readonly method: Method;
  readonly stamps: StampSource;
  readonly prober: Prober;
  /** Why it is not as asked; undefined: it is. */
  readonly fallback: string | undefined;
}

export interface ProberOptions {
  readonly protocols: readonly Protocol[];
  readonly libc: LibcAnswer;
  readonly timeoutMs: number;
  readonly http: { readonly path: string; readonly reuse: boolean };
  /** `user` uses no kernel stamps even where there are some. */
  readonly stamps?: StampSource;
  readonly onSample: OnSample;
}

type Sockets<T> = Readonly<Partial<Record<Family, T>>>;

/** Opens a prober for each protocol, or what comes nearest to it here. */
export function openProbers(options: ProberOptions): readonly OpenedProber[] {
  return options.protocols.map((protocol) => {
    switch (protocol) {
      case 'icmp':
        return openIcmp(options);
      case 'udp':
        return openUdp(options);
      case 'tcp':
        return openTcp(options);
      case 'http':
        return opened('http', 'http', createHttpProber({ ...options, ...options.http }));
    }
  });
}

function opened(
  protocol: Protocol,
  method: Method,
  prober: Prober,
  fallback?: string,
): OpenedProber {
  return { protocol, method, prober, stamps: prober.stamps, fallback };
}

function openIcmp(options: ProberOptions): OpenedProber {
  const { libc } = options;
  if (libc.kind === 'absent') return tcpInstead('icmp', options, libc.why);
  const { sockets, why, refused } = bothFamilies<EchoSocket>((family) =>
    openEchoSocket(libc.libc, { family, ...stampsOf(options) }),
  );
  if (Object.keys(sockets).length === 0) return tcpInstead('icmp', options, why);
  const prober = createIcmpProber({ ...options, sockets });
  return opened('icmp', 'icmp', prober, lacks(prober, refused));
}

function openUdp(options: ProberOptions): OpenedProber {
  const { libc } = options;
  if (libc.kind === 'absent') return tcpInstead('udp', options, libc.why);
  const { sockets, why, refused } = bothFamilies<DatagramSocket>((family) =>
    openDatagramSocket(libc.libc, { family, protocol: 'udp', ...stampsOf(options) }),
  );
  if (Object.keys(sockets).length === 0) return tcpInstead('udp', options, why);
  const prober = createUdpProber({ ...options, sockets });
  return opened('udp', 'udp', prober, lacks(prober, refused));
}

function openTcp(options: ProberOptions): OpenedProber {
  const { libc } = options;
  if (libc.kind === 'loaded')
    return opened('tcp', 'tcp', createTcpProber({ ...options, libc: libc.libc }));
  const prober = createPlainTcpProber({ ...options, refusalAnswers: false });
  return opened('tcp', 'tcp', prober, libc.why);
}

function tcpInstead(protocol: Protocol, options: ProberOptions, why: string): OpenedProber {
  const { libc } = options;
  const prober =
    libc.kind === 'loaded'
      ? createTcpStandIn({ ...options, libc: libc.libc })
      : createPlainTcpProber({ ...options, refusalAnswers: true });
  return opened(protocol, 'tcp-instead', prober, why);
}

/** What a prober has to do without; undefined: nothing. */
function lacks({ stamps }: Prober, refused: readonly string[]): string | undefined {
  const noStamps = stamps === 'user' ? ['the kernel gives no receive stamps'] : [];
  const all = [...refused, ...noStamps];
  return all.length === 0 ? undefined : all.join('; ');
}

function stampsOf({ stamps }: ProberOptions): { readonly stamps?: StampSource } {
  return stamps === undefined ? {} : { stamps };
}

type Answer<T> =
  | { readonly kind: 'open'; readonly socket: T }
  | { readonly kind: 'refused'; readonly why: string };

/** A machine may be without one of the families. */
function bothFamilies<T>(open: (family: Family) => Answer<T>): {
  readonly sockets: Sockets<T>;
  /** One for each family that is not there. */
  readonly refused: readonly string[];
  readonly why: string;
} {
  const sockets: Partial<Record<Family, T>> = {};
  const refused: string[] = [];
  for (const family of [4, 6] as const) {
    const answer = open(family);
    if (answer.kind === 'open') sockets[family] = answer.socket;
    else refused.push(`IPv${family}: ${answer.why}`);
  }
  return { sockets, refused, why: refused.join('; ') };
}
