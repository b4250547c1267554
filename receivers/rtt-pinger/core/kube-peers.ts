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
  /** Both addresses of what has two, or the first alone. */
  readonly families: 'both' | 'first';
}

/** One peer for each address of a node or a pod. The second address has an id of its own. */
export function peersOf({ nodes, pods }: Places, rules: PeerRules): readonly Peer[] {
  const all = [...nodes];
  const byName = new Map(all.map((node) => [node.name, node]));
  const ofNodes = rules.nodes
    ? all.flatMap(({ name, zone, rack, addresses }) =>
        peersAt(addresses, rules, {
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
    peersAt(addresses, rules, {
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
  return [...ofNodes, ...ofPods];
}

function peersAt(
  addresses: readonly string[],
  { families }: PeerRules,
  peer: Omit<Peer, 'address'>,
): readonly Peer[] {
  const taken = families === 'both' ? addresses : addresses.slice(0, 1);
  return taken.map((address, index) => ({
    ...peer,
    address,
    id: index === 0 ? peer.id : `${peer.id}/${index + 1}`,
  }));
}
