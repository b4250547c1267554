import type { Peer } from '../../../../receivers/rtt-pinger/core/target.ts';

export function peer(name: string, address: string, more: Partial<Peer> = {}): Peer {
  return {
    id: `node/${name}`,
    name,
    address,
    port: 0,
    node: name,
    zone: '',
    rack: '',
    namespace: '',
    pod: '',
    ...more,
  };
}
