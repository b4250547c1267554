import { isIP } from 'node:net';

import type { NodePlace, PodPlace } from './kube-objects.ts';
import type { Peer } from './target.ts';

/** What the API server told, by collection; the nodes' zones and racks are those of their pods, too. */
export interface Places {
  readonly nodes: Iterable<NodePlace>;
  readonly pods: Iterable<PodPlace>;
}

export interface PeerRules {
  /** Nodes are peers, not only places of pods. */
  readonly nodes: boolean;
  /** Both addresses of what has two, or the IPv4 one alone. */
  readonly families: 'both' | 'first';
}

/** A peer for each address, and for each port of its own, of a node or a pod, by an id that tells these apart. */
export function peersOf({ nodes, pods }: Places, rules: PeerRules): readonly Peer[] {
  const all = [...nodes];
  const byName = new Map(all.map((node) => [node.name, node]));
  const ofNodes = rules.nodes
    ? all.flatMap(({ name, zone, rack, addresses }) =>
        peersAt(addresses, {
          id: `node/${name}`,
          name,
          port: 0,
          node: name,
          zone,
          rack,
          namespace: '',
          pod: '',
        }),
      )
    : [];
  const ofPods = [...pods].flatMap(({ namespace, pod, node, zone, addresses, port }) =>
    peersAt(addresses, {
      id: pod === '' ? `endpoint/${addresses[0] ?? ''}` : `pod/${namespace}/${pod}`,
      name: pod === '' ? (addresses[0] ?? '') : pod,
      port,
      node,
      zone: zone === '' ? (byName.get(node)?.zone ?? '') : zone,
      rack: byName.get(node)?.rack ?? '',
      namespace,
      pod,
    }),
  );
  const found = [...ofNodes, ...ofPods];
  return rules.families === 'both' ? found.map(({ peer }) => peer) : firstFamily(found);
}

interface Found {
  /** The same for all addresses of one node, or of one pod at one port. */
  readonly of: string;
  readonly peer: Peer;
}

/** A slice of EndpointSlices has addresses of one family: a pod with two of them is in two. */
function peersAt(addresses: readonly string[], peer: Omit<Peer, 'address'>): readonly Found[] {
  const of = peer.port === 0 ? peer.id : `${peer.id}:${peer.port}`;
  return addresses.map((address) => ({
    of,
    peer: { ...peer, address, id: isIP(address) === 6 ? `${of}/6` : of },
  }));
}

/** IPv4 where there is one, whatever came first. */
function firstFamily(found: readonly Found[]): readonly Peer[] {
  const byOwner = new Map<string, Peer>();
  for (const { of, peer } of found) {
    const known = byOwner.get(of);
    if (known === undefined || isIP(known.address) > isIP(peer.address)) byOwner.set(of, peer);
  }
  return [...byOwner.values()];
}
