import type { Peer } from './target.ts';

/** Where a node is. Empty texts are unknown. */
export interface OwnPlace {
  readonly zone: string;
  readonly rack: string;
}

/** What is configured, before what the API server says of the own node, before what any peer on it says of itself. */
export function ownPlace(
  node: string,
  sources: {
    readonly configured: OwnPlace;
    readonly told: OwnPlace | undefined;
    readonly peers: readonly Peer[];
  },
): OwnPlace {
  const { configured, told, peers } = sources;
  const here = peers.filter((peer) => node !== '' && peer.node === node);
  const places = [configured, ...(told === undefined ? [] : [told]), ...here];
  const first = (of: 'zone' | 'rack'): string =>
    places.find((place) => place[of] !== '')?.[of] ?? '';
  return { zone: first('zone'), rack: first('rack') };
}

/** Peers on the own node are in its zone and its rack, whatever was told of them, or was not yet. */
export function placePeers(peers: readonly Peer[], node: string, own: OwnPlace): readonly Peer[] {
  if (node === '') return peers;
  const { zone, rack } = own;
  return peers.map((peer) => (peer.node === node ? { ...peer, zone, rack } : peer));
}
