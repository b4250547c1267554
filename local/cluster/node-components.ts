import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { network, type NodePlan } from '../plan.ts';
import {
  agentEndpoint,
  exportSoon,
  flags,
  pkiFile,
  type ClusterSetup,
  type Component,
} from './component.ts';
import { containerdConfig } from './containerd-config.ts';
import { kubeletConfiguration } from './kubelet-config.ts';
import { cniConfig } from './cni-config.ts';
import { systemPath } from '../host/run.ts';

export const containerdSocket = '/run/containerd/containerd.sock';

export function containerd(
  node: NodePlan,
  { paths, programs, snapshotter }: ClusterSetup,
): Component {
  const folder = join(paths.config, node.name);
  const config = join(folder, 'containerd.toml');
  const cniDir = join(folder, 'cni');
  return {
    name: 'containerd',
    node,
    program: programs.containerd,
    args: flags({ config }),
    env: {
      ...exportSoon,
      // It finds its shim through PATH.
      PATH: `${dirname(programs['containerd-shim-runc-v2'])}:${systemPath}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${agentEndpoint}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_SERVICE_NAME: 'containerd',
      // Only calls inside a sampled span of the kubelet; the default would trace its own chores too.
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    },
    files: {
      [config]: containerdConfig(
        {
          runc: programs.runc,
          cniBinDir: dirname(programs.bridge),
          cniConfDir: cniDir,
          socket: containerdSocket,
        },
        snapshotter,
      ),
      [join(cniDir, '10-kube-latency.conflist')]: JSON.stringify(cniConfig(node.podCidr), null, 2),
    },
    health: { kind: 'socket-in-node', path: containerdSocket },
  };
}

export function kubelet(node: NodePlan, { paths, programs }: ClusterSetup): Component {
  const config = join(paths.config, node.name, 'kubelet.yaml');
  const file = (name: string): string => pkiFile(paths, name);
  return {
    name: 'kubelet',
    node,
    program: programs.kubelet,
    args: flags({
      config,
      kubeconfig: file(`kubelet-${node.name}.kubeconfig`),
      'hostname-override': node.name,
      'node-ip': node.address,
    }),
    // Its log tells no zone.
    env: { ...exportSoon, TZ: 'UTC' },
    files: {
      [config]: stringify(
        kubeletConfiguration(node, {
          socket: containerdSocket,
          clientCa: file('ca.crt'),
          cert: file(`kubelet-${node.name}.crt`),
          key: file(`kubelet-${node.name}.key`),
          resolvConf: join(paths.config, 'resolv.conf'),
        }),
      ),
    },
    health: { kind: 'http', url: `https://${node.address}:10250/healthz` },
  };
}

export function kubeProxy(node: NodePlan, { paths, programs }: ClusterSetup): Component {
  const config = join(paths.config, node.name, 'kube-proxy.yaml');
  return {
    name: 'kube-proxy',
    node,
    program: programs['kube-proxy'],
    args: flags({ config }),
    env: {},
    files: {
      [config]: stringify(kubeProxyConfiguration(node, pkiFile(paths, 'kube-proxy.kubeconfig'))),
    },
    health: { kind: 'http', url: `http://${node.address}:10256/livez` },
  };
}

function kubeProxyConfiguration(node: NodePlan, kubeconfig: string): unknown {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    hostnameOverride: node.name,
    clusterCIDR: network.podCidr,
    clientConnection: { kubeconfig },
    healthzBindAddress: `${node.address}:10256`,
    metricsBindAddress: '127.0.0.1:10249',
    // Zero leaves the host's connection tracking as it is.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}
