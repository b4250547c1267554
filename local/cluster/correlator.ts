import { join } from 'node:path';
import { stringify } from 'yaml';
import { clusterName, type NodePlan } from '../plan.ts';
import { agentEndpoint, flags, pkiFile, type ClusterSetup, type Component } from './component.ts';

/**
 * How the correlator keeps below 150 MB under full load: V8 would size its heap, and the C library its arenas, for speed
 * and not for what a node has to spare.
 */
export const frugal = {
  args: ['--max-semi-space-size=4', '--max-old-space-size=64'],
  env: { MALLOC_ARENA_MAX: '1' },
} as const;

/** Pods with this label, `true`, get a start-up trace. */
const observeLabel = 'kube-latency/observe';

/** Joins the components' spans into the pods' traces, beside the agent of one node. */
export function correlator(
  node: NodePlan,
  { paths, correlator: program }: ClusterSetup,
): Component {
  const config = join(paths.config, node.name, 'correlator.yaml');
  const role = node.role === 'control-plane' ? ['node', 'control-plane'] : ['node'];
  const url = 'http://127.0.0.1:4328/readyz';
  return {
    name: 'correlator',
    node,
    program: process.execPath,
    args: [
      ...frugal.args,
      program,
      ...flags({ config, kubeconfig: pkiFile(paths, 'kube-latency-correlator.kubeconfig') }),
    ],
    env: {
      ...frugal.env,
      K8S_NODE_NAME: node.name,
      K8S_CLUSTER_NAME: clusterName,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${agentEndpoint}`,
    },
    files: {
      [config]: stringify({ role, observed: [{ labels: { [observeLabel]: 'true' } }] }),
    },
    health: node.role === 'worker' ? { kind: 'http-in-node', url } : { kind: 'http', url },
  };
}
