import type { Peer } from './core/target.ts';
import type { Config } from './schema.ts';

type Peers = Config['peers'];

/** What the pinger runs with: the configuration, with static peers as peers. */
export type Settings = Omit<Config, 'peers'> & {
  readonly peers: Omit<Peers, 'static'> & { readonly static: readonly Peer[] };
};

/** There may be ten thousand static peers: whoever has these needs the configuration no more. */
export function settingsOf(config: Config): Settings {
  const { peers } = config;
  return Object.freeze({ ...config, peers: { ...peers, static: peers.static.map(staticPeer) } });
}

function staticPeer(peer: Peers['static'][number]): Peer {
  const { name, address, port = 0, zone, rack, namespace, pod } = peer;
  const node = pod === '' ? name : '';
  return { id: `static/${name}`, name, address, port, node, zone, rack, namespace, pod };
}
