import { join } from 'node:path';
import { clusterName, network, type NodePlan } from '../plan.ts';
import { collector } from '../programs/tools.ts';
import { flags, pkiFile, type ClusterSetup, type Component } from './component.ts';

export const viewerUrl = 'http://127.0.0.1:8000';
const viewerGrpcPort = 4417;
const gatewayEndpoint = `${network.hostAddress}:${network.gatewayPort}`;

/** The backend: keeps and shows traces, on loopback only. */
export function viewer({ paths, programs }: ClusterSetup): Component {
  return {
    name: 'viewer',
    node: null,
    program: programs['otel-desktop-viewer'],
    args: flags({
      host: '127.0.0.1',
      grpc: viewerGrpcPort,
      http: 4418,
      'browser-port': 8000,
      'open-browser': false,
      db: join(paths.clusterDir, 'viewer.duckdb'),
    }),
    env: {},
    files: {},
    health: { kind: 'http', url: viewerUrl },
  };
}

/** Takes what the agents send, writes it to the spans file and passes it to the viewer. */
export function gateway({ paths, programs, collectorConfig }: ClusterSetup): Component {
  return {
    name: 'gateway',
    node: null,
    program: programs[collector],
    args: ['gateway.yaml', 'features/embedded-viewer.yaml'].flatMap((file) =>
      flags({ config: join(collectorConfig, file) }),
    ),
    env: {
      GATEWAY_LISTEN: gatewayEndpoint,
      GATEWAY_CA_FILE: pkiFile(paths, 'ca.crt'),
      GATEWAY_CERT_FILE: pkiFile(paths, 'gateway.crt'),
      GATEWAY_KEY_FILE: pkiFile(paths, 'gateway.key'),
      BACKEND_ENDPOINT: `127.0.0.1:${viewerGrpcPort}`,
      BACKEND_INSECURE: 'true',
      SPANS_FILE: paths.spansFile,
      STORAGE_DIR: join(paths.clusterDir, 'gateway/queue'),
    },
    files: {},
    health: { kind: 'http', url: 'http://127.0.0.1:13134' },
  };
}

/** The collector of one node, on its loopback. */
export function agent(
  node: NodePlan,
  { paths, programs, collectorConfig }: ClusterSetup,
): Component {
  const url = 'http://127.0.0.1:13133';
  return {
    name: 'agent',
    node,
    program: programs[collector],
    args: flags({ config: join(collectorConfig, 'agent.yaml') }),
    env: {
      K8S_NODE_NAME: node.name,
      K8S_CLUSTER_NAME: clusterName,
      GATEWAY_ENDPOINT: gatewayEndpoint,
      GATEWAY_CA_FILE: pkiFile(paths, 'ca.crt'),
      GATEWAY_CERT_FILE: pkiFile(paths, `agent-${node.name}.crt`),
      GATEWAY_KEY_FILE: pkiFile(paths, `agent-${node.name}.key`),
      STORAGE_DIR: join(node.dir, 'agent-queue'),
    },
    files: {},
    health: node.role === 'worker' ? { kind: 'http-in-node', url } : { kind: 'http', url },
  };
}
