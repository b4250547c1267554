import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LocalPaths } from '../paths.ts';
import { network, type NodePlan } from '../plan.ts';
import {
  createAuthority,
  createTokenKeys,
  type Authority,
  type CertificateRequest,
  type Pair,
} from '../../receivers/shared/certificates.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import { roadRequests } from './road.ts';

export const apiServerUrl = `https://${network.hostAddress}:${network.apiServerPort}`;

/** Who the API server is to the servers behind it. */
export const frontProxyUser = 'front-proxy-client';

type Names = NonNullable<CertificateRequest['names']>;

/** The administrator's credentials, for what `up` asks of the API server itself. */
export interface AdminCredentials extends Pair {
  readonly ca: string;
}

/**
 * Makes the authorities (of the cluster, of etcd, of the API server as a front of others, and of the collectors), every certificate and every kubeconfig, and writes them: keys
 * and kubeconfigs readable by their owner alone.
 */
export async function writePki(
  nodes: readonly NodePlan[],
  paths: LocalPaths,
): Promise<AdminCredentials> {
  const [cluster, etcd, frontProxy, road, tokens] = await Promise.all([
    createAuthority('kube-latency'),
    createAuthority('kube-latency-etcd'),
    createAuthority('kube-latency-front-proxy'),
    createAuthority('kube-latency-road'),
    createTokenKeys(),
  ]);
  const [pairs, clients, admin] = await Promise.all([
    issuePairs({ cluster, etcd, frontProxy, road }, nodes),
    kubernetesClients(cluster, nodes),
    cluster.issue({
      commonName: 'kubernetes-admin',
      organisation: 'system:masters',
      usages: ['client'],
    }),
  ]);
  const files = new Map<string, string>();
  const authorities = [
    ['ca', cluster.pair],
    ['etcd-ca', etcd.pair],
    ['front-proxy-ca', frontProxy.pair],
    ['road-ca', road.pair],
  ] as const;
  for (const [name, pair] of [...pairs, ...authorities]) {
    files.set(join(paths.pki, `${name}.crt`), pair.cert);
    files.set(join(paths.pki, `${name}.key`), pair.key);
  }
  files.set(join(paths.pki, 'tokens.pub'), tokens.publicKey);
  files.set(join(paths.pki, 'tokens.key'), tokens.privateKey);
  const ca = cluster.pair.cert;
  for (const [name, pair] of clients)
    files.set(join(paths.pki, `${name}.kubeconfig`), kubeconfigOf({ ...pair, ca }, name));
  files.set(paths.kubeconfig, kubeconfigOf({ ...admin, ca }, 'kubernetes-admin'));
  await Promise.all([...files].map(([path, text]) => writeSecret(path, text)));
  return { ...admin, ca };
}

export async function writeSecret(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode: 0o600 });
}

function kubeconfigOf(credentials: AdminCredentials, user: string): string {
  return renderKubeconfig({ server: apiServerUrl, user, namespace: 'default', ...credentials });
}

interface Authorities {
  readonly cluster: Authority;
  readonly etcd: Authority;
  readonly frontProxy: Authority;
  /** Of the gateway and of those that it lets in, and of nobody else. */
  readonly road: Authority;
}

async function issuePairs(
  { cluster, etcd, frontProxy, road }: Authorities,
  nodes: readonly NodePlan[],
): Promise<(readonly [string, Pair])[]> {
  const loopback = [ip('127.0.0.1'), dns('localhost')];
  const both = ['server', 'client'] as const;
  return named([
    [
      'apiserver',
      cluster.issue({ commonName: 'kube-apiserver', usages: ['server'], names: apiServerNames }),
    ],
    [
      'apiserver-kubelet-client',
      cluster.issue({ commonName: 'kube-apiserver-kubelet-client', usages: ['client'] }),
    ],
    ['apiserver-etcd-client', etcd.issue({ commonName: 'kube-apiserver', usages: ['client'] })],
    ['front-proxy-client', frontProxy.issue({ commonName: frontProxyUser, usages: ['client'] })],
    ['etcd', etcd.issue({ commonName: 'etcd', usages: both, names: loopback })],
    ['loopback', cluster.issue({ commonName: 'localhost', usages: ['server'], names: loopback })],
    ['gateway', road.issue(roadRequests.gateway)],
    ['agent', road.issue(roadRequests.agent)],
    ['receiver', road.issue(roadRequests.receiver)],
    ...nodes.map(
      ({ name, address }) =>
        [
          `kubelet-${name}`,
          cluster.issue({ commonName: name, usages: ['server'], names: [ip(address), dns(name)] }),
        ] as const,
    ),
  ]);
}

function kubernetesClients(
  cluster: Authority,
  nodes: readonly NodePlan[],
): Promise<(readonly [string, Pair])[]> {
  const client = (commonName: string, organisation?: string): Promise<Pair> =>
    cluster.issue({
      commonName,
      usages: ['client'],
      ...(organisation === undefined ? {} : { organisation }),
    });
  return named([
    ['kube-controller-manager', client('system:kube-controller-manager')],
    ['kube-scheduler', client('system:kube-scheduler')],
    ['kube-proxy', client('system:kube-proxy')],
    ...nodes.map(
      ({ name }) => [`kubelet-${name}`, client(`system:node:${name}`, 'system:nodes')] as const,
    ),
  ]);
}

const apiServerNames: Names = [
  ip('127.0.0.1'),
  ip(network.hostAddress),
  ip(network.apiServerService),
  ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map(dns),
  dns('kubernetes.default.svc.cluster.local'),
];

function ip(value: string): Names[number] {
  return { type: 'ip', value };
}

function dns(value: string): Names[number] {
  return { type: 'dns', value };
}

function named<Value>(
  entries: readonly (readonly [string, Promise<Value>])[],
): Promise<(readonly [string, Value])[]> {
  return Promise.all(entries.map(async ([name, value]) => [name, await value] as const));
}
