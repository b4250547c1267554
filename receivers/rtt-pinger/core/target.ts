export const protocols = ['icmp', 'udp', 'tcp', 'http'] as const;
export type Protocol = (typeof protocols)[number];

/** Whom round trips are measured to. What is unknown is an empty text. */
export interface Peer {
  /** Unique among all peers, the same for as long as it is the same peer: `node/worker`, `pod/default/web-0`. */
  readonly id: string;
  /** The name that outputs show: of the pod, or of the node where the peer is one. */
  readonly name: string;
  readonly address: string;
  /** Of its HTTP or TCP probes; 0: the configured one. */
  readonly port: number;
  readonly node: string;
  readonly zone: string;
  readonly rack: string;
  readonly namespace: string;
  readonly pod: string;
}

/** One peer by one protocol, as it is to be probed. */
export interface Wanted {
  readonly peer: Peer;
  readonly protocol: Protocol;
  readonly port: number;
  /** Two with one key are the same one; what is told of a peer is part of it. */
  readonly key: string;
}

/** What is probed again and again. */
export interface Target extends Wanted {
  /** Set when the peer has gone: what is still in flight is nobody's. */
  gone: boolean;
}

export function wantedOf(peer: Peer, protocol: Protocol, port: number): Wanted {
  const { id, address, node, zone, rack } = peer;
  // Joined, it is one string; as a template it would stay a chain of twelve.
  return { peer, protocol, port, key: [protocol, id, address, port, node, zone, rack].join('|') };
}

/** As OpenTelemetry names the family of an address. */
export type NetworkType = 'ipv4' | 'ipv6';

export function networkType({ address }: Pick<Peer, 'address'>): NetworkType {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
