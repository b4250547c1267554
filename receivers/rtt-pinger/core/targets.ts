import { wantedOf, type Peer, type Protocol, type Wanted } from './target.ts';

/** The one who probes, as far as it is known; empty texts are unknown. */
export interface Self {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
}

export interface TargetRules {
  readonly protocols: readonly Protocol[];
  readonly ports: Readonly<Record<'tcp' | 'http' | 'udp', number>>;
  /** Peers that are this process itself. */
  readonly self: Self;
}

/** Every peer but oneself by every protocol. Of peers with one id the first counts. */
export function targetsOf(
  peers: readonly Peer[],
  { protocols, ports, self }: TargetRules,
): readonly Wanted[] {
  const byId = new Map<string, Peer>();
  for (const peer of peers) if (!byId.has(peer.id) && !isSelf(peer, self)) byId.set(peer.id, peer);
  return [...byId.values()].flatMap((peer) =>
    protocols.map((protocol) => wantedOf(peer, protocol, portOf(peer, protocol, ports))),
  );
}

function portOf(peer: Peer, protocol: Protocol, ports: TargetRules['ports']): number {
  switch (protocol) {
    case 'udp':
      return ports.udp;
    case 'http':
      return peer.port === 0 ? ports.http : peer.port;
    case 'icmp':
    case 'tcp':
      return peer.port === 0 ? ports.tcp : peer.port;
  }
}

/**
 * Whether a peer is the one who probes, by its name and never by its address: on a node's network all pods have one. A pod is
 * itself; a node is that on which the probes begin.
 */
export function isSelf(peer: Peer, self: Self): boolean {
  if (peer.pod === '') return peer.node !== '' && peer.node === self.node;
  const sameNamespace = peer.namespace === '' || peer.namespace === self.namespace;
  return peer.pod === self.pod && sameNamespace;
}
