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

export interface Targets {
  readonly targets: readonly Wanted[];
  /** Targets that are not probed because another one is the same. */
  readonly leftOut: number;
}

/**
 * Every peer but oneself by every protocol. Of peers with one id the first counts; and of targets of one name at one address, which
 * several sources may name, the first of each place, and one without a place where there is none with.
 */
export function targetsOf(
  peers: readonly Peer[],
  { protocols, ports, self }: TargetRules,
): Targets {
  const others = peers.filter((peer) => !isSelf(peer, self));
  const byId = new Map<string, Peer>();
  for (const peer of others) if (!byId.has(peer.id)) byId.set(peer.id, peer);
  const all = [...byId.values()].flatMap((peer) =>
    protocols.map((protocol) => wantedOf(peer, protocol, portOf(peer, protocol, ports))),
  );
  const placed = new Set(all.filter(({ peer }) => peer.node !== '').map(placelessName));
  const known = new Set<string>();
  const targets = all.filter((target) => {
    const { node, namespace } = target.peer;
    const name = placelessName(target);
    if (node === '' && namespace === '' && placed.has(name)) return false;
    const full = `${name}|${node}|${namespace}`;
    if (known.has(full)) return false;
    known.add(full);
    return true;
  });
  return { targets, leftOut: others.length * protocols.length - targets.length };
}

/** What a target is called by those who do not know where it is. */
function placelessName({ peer: { name, address }, protocol, port }: Wanted): string {
  const ofPort = protocol === 'icmp' || protocol === 'udp' ? '' : port;
  return [protocol, name, address, ofPort].join('|');
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
