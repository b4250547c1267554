import { isIP } from 'node:net';

import type { Labels } from '../../shared/metrics/families.ts';
import type { Peer, Wanted } from './target.ts';

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
    return { target, labels, name, family: familyOf(target) };
  });
  const families = new Map<string, number>();
  for (const { name, family } of named) families.set(name, (families.get(name) ?? 0) | family);
  const known = new Map<string, { name: string; labels: Labels; targets: number }>();
  const byKey = new Map<string, Destination>();
  for (const { target, labels, name, family } of named) {
    const both = families.get(name) === bothFamilies;
    const full = both ? `${name}|${family}` : name;
    let destination = known.get(full);
    if (destination === undefined) {
      const type = both ? { 'network.type': family === 1 ? 'ipv4' : 'ipv6' } : {};
      known.set(full, (destination = { name: full, labels: { ...labels, ...type }, targets: 0 }));
    }
    destination.targets++;
    byKey.set(target.key, destination);
  }
  return byKey;
}

const bothFamilies = 3;

function familyOf({ peer: { address } }: Wanted): 1 | 2 {
  return isIP(address) === 6 ? 2 : 1;
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
