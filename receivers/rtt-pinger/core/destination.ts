import type { Labels } from '../../shared/metrics/families.ts';
import { networkType, type NetworkType, type Peer, type Wanted } from './target.ts';

/** Targets of which series say the same. */
export interface Destination {
  /** Its own, the protocol in it. */
  readonly name: string;
  /** Another one differs by the family of its address alone. */
  readonly byFamily: boolean;
  /** How many targets it is: these have one series. */
  readonly targets: number;
}

/** The destination of each target by its key. */
export function destinationsOf(
  targets: readonly Wanted[],
  pods: boolean,
): ReadonlyMap<string, Destination> {
  const named = targets.map((target) => {
    const labels = placeLabels(target.peer, pods);
    const name = `${target.protocol}|${Object.entries(labels).flat().join('|')}`;
    return { target, name, type: networkType(target.peer) };
  });
  const types = new Map<string, NetworkType | 'both'>();
  for (const { name, type } of named) {
    const before = types.get(name) ?? type;
    types.set(name, before === type ? type : 'both');
  }
  const known = new Map<string, { name: string; byFamily: boolean; targets: number }>();
  const byKey = new Map<string, Destination>();
  for (const { target, name, type } of named) {
    const byFamily = types.get(name) === 'both';
    const full = byFamily ? `${name}|${type}` : name;
    let destination = known.get(full);
    if (destination === undefined)
      known.set(full, (destination = { name: full, byFamily, targets: 0 }));
    destination.targets++;
    byKey.set(target.key, destination);
  }
  return byKey;
}

/** What series say of where a target is; which family its address is of where there is another one. */
export function destinationLabels(
  peer: Peer,
  { pods, byFamily }: { readonly pods: boolean; readonly byFamily: boolean },
): Labels {
  const labels = placeLabels(peer, pods);
  return byFamily ? { ...labels, 'network.type': networkType(peer) } : labels;
}

function placeLabels(peer: Peer, pods: boolean): Labels {
  return {
    'destination.node': peer.node,
    'destination.zone': peer.zone,
    ...(peer.rack === '' ? {} : { 'destination.rack': peer.rack }),
    ...(pods && peer.pod !== ''
      ? { 'destination.namespace': peer.namespace, 'destination.pod': peer.pod }
      : {}),
    ...(peer.node === '' ? { 'destination.address': peer.address } : {}),
  };
}
