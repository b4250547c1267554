import type { Labels } from '../../shared/metrics/families.ts';
import { networkType, type NetworkType, type Peer, type Wanted } from './target.ts';

/** What series say of where targets are. */
export interface Destination {
  /** Its own, the protocol in it. */
  readonly name: string;
  readonly labels: Labels;
  /** How many targets they say this of: these have one series. */
  readonly targets: number;
}

/** The destination of each target by its key. Where one has addresses of both families its labels say which one it is. */
export function destinationsOf(
  targets: readonly Wanted[],
  pods: boolean,
): ReadonlyMap<string, Destination> {
  const named = targets.map((target) => {
    const labels = placeLabels(target.peer, pods);
    const name = `${target.protocol}|${Object.entries(labels).flat().join('|')}`;
    return { target, labels, name, type: networkType(target.peer) };
  });
  const types = new Map<string, NetworkType | 'both'>();
  for (const { name, type } of named) {
    const before = types.get(name) ?? type;
    types.set(name, before === type ? type : 'both');
  }
  const known = new Map<string, { name: string; labels: Labels; targets: number }>();
  const byKey = new Map<string, Destination>();
  for (const { target, labels, name, type } of named) {
    const both = types.get(name) === 'both';
    const full = both ? `${name}|${type}` : name;
    let destination = known.get(full);
    if (destination === undefined) {
      const apart = both ? { 'network.type': type } : {};
      known.set(full, (destination = { name: full, labels: { ...labels, ...apart }, targets: 0 }));
    }
    destination.targets++;
    byKey.set(target.key, destination);
  }
  return byKey;
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
