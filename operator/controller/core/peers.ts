import type { ValidProber } from '../../network-prober.ts';
import { injects } from './ownership.ts';
import type { Candidate } from './peer-choice.ts';
import { chosen, hash } from './peer-choice.ts';
import { podKey, type PodFacts } from './pod-facts.ts';

/** A pod that answers /ping. */
export interface Peer extends Candidate {
  /** `namespace/name`. */
  readonly key: string;
  /** What it is called in the list of peers: its name, or `namespace/name` where several have the same one. */
  readonly name: string;
  readonly node: string;
  readonly address: string;
  readonly port: number;
  /** What a list says of it, in JSON: it is in many lists. */
  readonly entry: string;
}

/**
 * Pods of a NetworkProber that run, have an address and, where it injects, a sidecar: in order of their keys, at most so many a node
 * as it wants.
 */
export function peersOf(prober: ValidProber, pods: readonly PodFacts[]): readonly Peer[] {
  const { spec } = prober;
  const measured = pods.filter(
    ({ running, address, sidecar }) =>
      running && address !== '' && (sidecar !== undefined || !injects(prober)),
  );
  const times = new Map<string, number>();
  for (const { name } of measured) times.set(name, (times.get(name) ?? 0) + 1);
  const peers = measured.map((pod): Peer => {
    const { name, node, address, sidecar } = pod;
    const key = podKey(pod);
    const ownPort = sidecar?.port ?? 0;
    const called = times.get(name) === 1 ? name : key;
    // A sidecar listens where it was told when its pod was made.
    const port = ownPort === 0 ? spec.httpPort : ownPort;
    const entry = `${JSON.stringify(called)}:${JSON.stringify({ ip: address, port: String(port) })}`;
    return { key, hash: hash(key), name: called, node, address, port, entry };
  });
  peers.sort((one, other) => (one.key < other.key ? -1 : 1));
  const { maxPeersPerNode } = spec.topology;
  return maxPeersPerNode === undefined ? peers : fewPerNode(peers, maxPeersPerNode);
}

function fewPerNode(peers: readonly Peer[], most: number): readonly Peer[] {
  const kept = [...Map.groupBy(peers, ({ node }) => node)].flatMap(([node, here]) =>
    chosen(here, most, node),
  );
  const keys = new Set(kept.map(({ key }) => key));
  return peers.filter(({ key }) => keys.has(key));
}
