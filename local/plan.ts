import { createHash } from 'node:crypto';
import { nodeFolder } from './paths.ts';

export const clusterName = 'kube-latency';
export const maxWorkers = 20;

/** Addresses of the cluster; private ranges that home and office networks rarely use. */
export const network = {
  bridge: 'kl0',
  /** The CNI bridge of each node. */
  podBridge: 'klpods0',
  nodeCidr: '10.231.0.0/24',
  hostAddress: '10.231.0.1',
  podCidr: '10.232.0.0/16',
  serviceCidr: '10.233.0.0/16',
  apiServerService: '10.233.0.1',
  dnsService: '10.233.0.10',
  apiServerPort: 6443,
} as const;

/** One node: the control plane shares the host's network, every worker has its own. */
export interface NodePlan {
  readonly index: number;
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly address: string;
  readonly podCidr: string;
  /** The host's end of the worker's veth pair; null for the control plane. */
  readonly veth: string | null;
  /** Below every cgroup hierarchy; holds the node's containers. */
  readonly cgroup: string;
  /** Holds the node's own /var/lib and /var/log. */
  readonly dir: string;
}

/** All cgroups of a cluster lie below this one; the name tells clusters of different folders apart. */
export function clusterCgroup(clusterDir: string): string {
  return `/kube-latency-${createHash('sha256').update(clusterDir).digest('hex').slice(0, 8)}`;
}

/** Nodes of a cluster with `workers` workers, the control plane first. */
export function planNodes(workers: number, clusterDir: string): NodePlan[] {
  return Array.from({ length: workers + 1 }, (_, index) => {
    const name = nodeName(index);
    return {
      index,
      name,
      role: index === 0 ? 'control-plane' : 'worker',
      address: `10.231.0.${index + 1}`,
      podCidr: `10.232.${index}.0/24`,
      veth: index === 0 ? null : `kl0w${index}`,
      cgroup: `${clusterCgroup(clusterDir)}/${name}`,
      dir: nodeFolder(clusterDir, name),
    };
  });
}

function nodeName(index: number): string {
  if (index === 0) return `${clusterName}-control-plane`;
  return index === 1 ? `${clusterName}-worker` : `${clusterName}-worker${index}`;
}
