import { sidecarNames, type ProberSpec } from '../../network-prober.ts';
import { chosen } from './peer-choice.ts';
import type { Peer } from './peers.ts';

/** One ConfigMap with a list of peers. */
export interface ConfigFile {
  /** Of the ConfigMap. */
  readonly name: string;
  /** Key in the ConfigMap, and the file's name where it is mounted. */
  readonly file: string;
  readonly text: string;
}

/**
 * Peers in one file, about: one takes 90 bytes as a rule and 420 at most, with names as long as Kubernetes allows, and a ConfigMap takes
 * 1 MiB.
 */
const peersPerFile = 2000;

/** How many files a NetworkProber's list may need. It depends on the object alone: volumes are made when pods are. */
export function fileCount({ topology }: Pick<ProberSpec, 'topology'>): number {
  return Math.ceil(topology.maxPeers / peersPerFile);
}

/** Name of a ConfigMap, and of the file in it, that has the n-th part of the list, from 1. */
export function configName(prober: string, part: number): Pick<ConfigFile, 'name' | 'file'> {
  if (part === 1) return { name: prober, file: sidecarNames.file };
  return {
    name: `${prober}-${part}`,
    file: sidecarNames.file.replace('.json', `-${part}.json`),
  };
}

/**
 * What the agents in one namespace read: all peers, or as many as they may have, chosen for that namespace. Where there are several files,
 * a peer's name decides in which it is.
 */
export function configFiles(
  prober: { readonly name: string; readonly spec: ProberSpec },
  peers: readonly Peer[],
  namespace: string,
): readonly ConfigFile[] {
  const { name, spec } = prober;
  const few = chosen(peers, spec.topology.maxPeers, namespace);
  const count = fileCount(spec);
  const parts = Map.groupBy(few, (peer) => (count === 1 ? 0 : peer.hash % count));
  return Array.from({ length: count }, (_, index) => ({
    ...configName(name, index + 1),
    text: fileText(parts.get(index) ?? [], spec.pollingPeriod),
  }));
}

/** In the form that the network prober's agent reads: `pollingPeriod` in nanoseconds, ports as text. */
function fileText(peers: readonly Peer[], pollingPeriodNs: bigint): string {
  const entries = peers.map(({ entry }) => entry).join(',');
  return `{"endpointsMap":{${entries}},"pollingPeriod":${pollingPeriodNs}}`;
}
