import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, expectOk, type AskApi } from '../../local/cluster/api-client.ts';
import { createAuthority, createTokenKeys, type Pair } from '../../local/cluster/certificates.ts';
import { flags } from '../../local/cluster/component.ts';
import { renderKubeconfig } from '../../local/cluster/kubeconfig.ts';
import { program } from './cluster.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

/** An API server of its own, without nodes or controllers: pods are objects that stay as they are. */
export interface BareApiServer {
  readonly url: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** As the administrator. */
  readonly ask: AskApi;
  /** As a user that only RBAC gives rights to. */
  readonly as: (user: string) => Promise<{ readonly ask: AskApi; readonly kubeconfig: string }>;
  /** With the ServiceAccount that a controller would make. */
  readonly createNamespace: (
    name: string,
    labels?: Readonly<Record<string, string>>,
  ) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Whether the programs are there: `kube-latency up` builds them. */
export const mayStartApiServer = ['etcd', 'kube-apiserver'].every((name) =>
  existsSync(program(name)),
);

/** Starts etcd and kube-apiserver on free ports of loopback, in a folder of their own. Takes some seconds. */
export async function startApiServer(): Promise<BareApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-api-server-'));
  const [client = 0, peer = 0, port = 0] = await freePorts(3);
  const credentials = await writeCredentials(folder);
  const url = `https://127.0.0.1:${port}`;
  const stop = new AbortController();
  const started: ChildProcess[] = [];
  const end = async (): Promise<void> => {
    stop.abort();
    for (const child of started.toReversed()) await ended(child);
    await rm(folder, { recursive: true });
  };
  try {
    started.push(launch('etcd', etcdFlags(folder, { client, peer })));
    const { admin, ca, issue } = credentials;
    const ask = createApi({ ...admin, ca }, stop.signal, url);
    started.push(launch('kube-apiserver', apiServerFlags(folder, { client, port })));
    await eventually(() => expectOk(ask, { method: 'GET', path: '/readyz' }), {
      withinMs: 60_000,
      everyMs: 100,
    });
    const kubeconfig = async (pair: Pair, user: string): Promise<string> => {
      const path = join(folder, `${user}.kubeconfig`);
      const namespace = 'default';
      await writeFile(path, renderKubeconfig({ server: url, user, namespace, ...pair, ca }));
      return path;
    };
    return {
      url,
      kubeconfig: await kubeconfig(admin, 'admin'),
      ask,
      as: async (user) => {
        const pair = await issue(user);
        return {
          ask: createApi({ ...pair, ca }, stop.signal, url),
          kubeconfig: await kubeconfig(pair, user),
        };
      },
      createNamespace: (name, labels = {}) => createNamespace(ask, name, labels),
      stop: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function createNamespace(
  ask: AskApi,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  await expectOk(ask, {
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { name, labels } },
  });
  await expectOk(ask, {
    method: 'POST',
    path: `/api/v1/namespaces/${name}/serviceaccounts`,
    body: { metadata: { name: 'default' } },
  });
}

async function writeCredentials(folder: string): Promise<{
  readonly ca: string;
  readonly admin: Pair;
  readonly issue: (user: string, group?: string) => Promise<Pair>;
}> {
  const [authority, tokens] = await Promise.all([createAuthority('test'), createTokenKeys()]);
  const issue = (commonName: string, organisation = 'kube-latency-tests'): Promise<Pair> =>
    authority.issue({ commonName, organisation, usages: ['client'] });
  const server = await authority.issue({
    commonName: 'kube-apiserver',
    usages: ['server'],
    names: [{ type: 'ip', value: '127.0.0.1' }],
  });
  const files = {
    'ca.crt': authority.pair.cert,
    'server.crt': server.cert,
    'server.key': server.key,
    'tokens.pub': tokens.publicKey,
    'tokens.key': tokens.privateKey,
  };
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
  );
  return { ca: authority.pair.cert, admin: await issue('admin', 'system:masters'), issue };
}

function etcdFlags(
  folder: string,
  { client, peer }: { readonly client: number; readonly peer: number },
): string[] {
  const [clientUrl, peerUrl] = [client, peer].map((port) => `http://127.0.0.1:${port}`);
  return [
    ...flags({
      name: 'test',
      'data-dir': join(folder, 'etcd'),
      'log-level': 'error',
      'listen-client-urls': clientUrl ?? '',
      'advertise-client-urls': clientUrl ?? '',
      'listen-peer-urls': peerUrl ?? '',
      'initial-advertise-peer-urls': peerUrl ?? '',
      'initial-cluster': `test=${peerUrl}`,
    }),
    '--unsafe-no-fsync',
  ];
}

function apiServerFlags(
  folder: string,
  { client, port }: { readonly client: number; readonly port: number },
): string[] {
  const file = (name: string): string => join(folder, name);
  return flags({
    'bind-address': '127.0.0.1',
    'secure-port': port,
    'endpoint-reconciler-type': 'none',
    'service-cluster-ip-range': '10.0.0.0/24',
    'etcd-servers': `http://127.0.0.1:${client}`,
    'tls-cert-file': file('server.crt'),
    'tls-private-key-file': file('server.key'),
    'client-ca-file': file('ca.crt'),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': file('tokens.pub'),
    'service-account-signing-key-file': file('tokens.key'),
    'authorization-mode': 'RBAC',
  });
}

function launch(name: string, args: readonly string[]): ChildProcess {
  return spawn(program(name), [...args], { cwd: '/', stdio: 'ignore' });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
