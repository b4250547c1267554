import { join } from 'node:path';
import { stringify } from 'yaml';
import { network } from '../plan.ts';
import {
  agentEndpoint,
  exportSoon,
  flags,
  pkiFile,
  type ClusterSetup,
  type Component,
} from './component.ts';
import { apiServerUrl, frontProxyUser } from './pki.ts';

const etcdUrl = 'https://127.0.0.1:2379';
const etcdPeerUrl = 'https://127.0.0.1:2380';

/** Traces what a sampled request of the API server causes, and nothing of its own accord. */
export function etcd({ paths, programs }: ClusterSetup): Component {
  const file = (name: string): string => pkiFile(paths, name);
  return {
    name: 'etcd',
    node: null,
    program: programs.etcd,
    args: [
      ...flags({
        name: 'kube-latency',
        'data-dir': join(paths.clusterDir, 'etcd'),
        'log-level': 'warn',
        'listen-client-urls': etcdUrl,
        'advertise-client-urls': etcdUrl,
        'listen-peer-urls': etcdPeerUrl,
        'initial-advertise-peer-urls': etcdPeerUrl,
        'initial-cluster': `kube-latency=${etcdPeerUrl}`,
        'cert-file': file('etcd.crt'),
        'key-file': file('etcd.key'),
        'client-cert-auth': true,
        'trusted-ca-file': file('etcd-ca.crt'),
        'peer-cert-file': file('etcd.crt'),
        'peer-key-file': file('etcd.key'),
        'peer-client-cert-auth': true,
        'peer-trusted-ca-file': file('etcd-ca.crt'),
        'listen-metrics-urls': 'http://127.0.0.1:2381',
        'enable-distributed-tracing': true,
        'distributed-tracing-address': agentEndpoint,
        'distributed-tracing-service-name': 'etcd',
        'distributed-tracing-sampling-rate': 0,
      }),
      // The cluster is for throwing away: its data need not survive a power cut.
      '--unsafe-no-fsync',
    ],
    env: { ...exportSoon },
    files: {},
    health: { kind: 'http', url: 'http://127.0.0.1:2381/health' },
  };
}

export function apiServer({ paths, programs }: ClusterSetup): Component {
  const file = (name: string): string => pkiFile(paths, name);
  const tracing = join(paths.config, 'apiserver-tracing.yaml');
  return {
    name: 'kube-apiserver',
    node: null,
    program: programs['kube-apiserver'],
    args: flags({
      'bind-address': network.hostAddress,
      'advertise-address': network.hostAddress,
      'secure-port': network.apiServerPort,
      'service-cluster-ip-range': network.serviceCidr,
      'tls-cert-file': file('apiserver.crt'),
      'tls-private-key-file': file('apiserver.key'),
      'client-ca-file': file('ca.crt'),
      'etcd-servers': etcdUrl,
      'etcd-cafile': file('etcd-ca.crt'),
      'etcd-certfile': file('apiserver-etcd-client.crt'),
      'etcd-keyfile': file('apiserver-etcd-client.key'),
      'kubelet-certificate-authority': file('ca.crt'),
      'kubelet-client-certificate': file('apiserver-kubelet-client.crt'),
      'kubelet-client-key': file('apiserver-kubelet-client.key'),
      // The names of the nodes are known to no resolver.
      'kubelet-preferred-address-types': 'InternalIP',
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'service-account-key-file': file('tokens.pub'),
      'service-account-signing-key-file': file('tokens.key'),
      ...frontProxyFlags(file),
      'authorization-mode': 'Node,RBAC',
      'enable-admission-plugins': 'NodeRestriction',
      'allow-privileged': true,
      'tracing-config-file': tracing,
    }),
    env: { ...exportSoon },
    files: { [tracing]: stringify(tracingConfiguration) },
    health: { kind: 'http', url: `${apiServerUrl}/readyz` },
  };
}

/** For API servers behind this one, and for the controllers, which complain without end where it is missing. */
function frontProxyFlags(file: (name: string) => string): Record<string, string> {
  return {
    'requestheader-client-ca-file': file('front-proxy-ca.crt'),
    'requestheader-allowed-names': frontProxyUser,
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': file('front-proxy-client.crt'),
    'proxy-client-key-file': file('front-proxy-client.key'),
  };
}

const tracingConfiguration = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'TracingConfiguration',
  endpoint: agentEndpoint,
  samplingRatePerMillion: 1_000_000,
};

export function controllerManager({ paths, programs }: ClusterSetup): Component {
  const file = (name: string): string => pkiFile(paths, name);
  return {
    name: 'kube-controller-manager',
    node: null,
    program: programs['kube-controller-manager'],
    args: flags({
      ...controllerFlags(file, 'kube-controller-manager'),
      // Signs the certificate of the prober.
      'cluster-signing-cert-file': file('ca.crt'),
      'cluster-signing-key-file': file('ca.key'),
      'root-ca-file': file('ca.crt'),
      'service-account-private-key-file': file('tokens.key'),
      'use-service-account-credentials': true,
      'service-cluster-ip-range': network.serviceCidr,
      // The plan gives each node its range: routes and CNI are made before the nodes register.
      'allocate-node-cidrs': false,
      'flex-volume-plugin-dir': join(paths.config, 'volume-plugins'),
    }),
    env: {},
    files: {},
    health: { kind: 'http', url: 'https://127.0.0.1:10257/healthz' },
  };
}

export function scheduler({ paths, programs }: ClusterSetup): Component {
  return {
    name: 'kube-scheduler',
    node: null,
    program: programs['kube-scheduler'],
    args: flags(controllerFlags((name) => pkiFile(paths, name), 'kube-scheduler')),
    env: {},
    files: {},
    health: { kind: 'http', url: 'https://127.0.0.1:10259/healthz' },
  };
}

function controllerFlags(
  file: (name: string) => string,
  name: string,
): Record<string, string | boolean> {
  const kubeconfig = file(`${name}.kubeconfig`);
  return {
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'leader-elect': false,
    'bind-address': '127.0.0.1',
    'tls-cert-file': file('loopback.crt'),
    'tls-private-key-file': file('loopback.key'),
  };
}
