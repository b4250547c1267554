import { network } from '../plan.ts';

/** CNI network of one node: a bridge, addresses from the node's range. The routes between the ranges are the node's. */
export function cniConfig(podCidr: string): unknown {
  return {
    cniVersion: '1.0.0',
    name: 'kube-latency',
    plugins: [
      {
        type: 'bridge',
        bridge: network.podBridge,
        isGateway: true,
        // A pod may reach itself through its Service.
        hairpinMode: true,
        ipMasq: false,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: podCidr }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', backend: 'nftables', capabilities: { portMappings: true } },
    ],
  };
}
