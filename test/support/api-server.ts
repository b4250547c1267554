import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:https';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createAuthority, createTokenKeys } from '../../receivers/shared/certificates.ts';
import { flags } from '../../local/cluster/component.ts';
import { renderKubeconfig } from '../../local/cluster/kubeconfig.ts';
import { createKubeClient, type KubeClient } from '../../receivers/shared/kubernetes/client.ts';
import { loadKubeConnection } from '../../receivers/shared/kubernetes/config.ts';
import { createWallClock, processClocks } from '../../receivers/shared/wall-clock.ts';
import { program } from './cluster.ts';
import { start, type Finished } from './command.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

export interface ApiServerOptions {
  /** Also the controllers that collect garbage and empty namespaces that are deleted. */
  readonly controllers?: boolean;
  /** Further flags of kube-apiserver. */
  readonly args?: readonly string[];
}

/** A real kube-apiserver and etcd on loopback, without any node. */
export interface ApiServer {
  readonly url: string;
  /** Path of the administrator's. */
  readonly kubeconfig: string;
  /** Of the administrator; closed by `stop`. */
  readonly client: KubeClient;
  readonly folder: string;
  /** What kubectl answers, though it fail. */
  readonly tryKubectl: (args: readonly string[]) => Promise<Finished>;
  /** Standard output of kubectl; fails where kubectl does. */
  readonly kubectl: (args: readonly string[]) => Promise<string>;
  /** Applies objects on the server's side, or says why not. */
  readonly apply: (...objects: readonly object[]) => Promise<Finished>;
  /** Path of a kubeconfig of a service account that is there. */
  readonly kubeconfigOf: (namespace: string, account: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts them in a folder of their own, and resolves when they are ready. Who started them stops them. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kube-latency-api-server-'));
  const children: ChildProcess[] = [];
  const end = async (): Promise<void> => {
    // The last one started stops first: the API server waits for its etcd.
    for (const child of children.toReversed()) await killed(child);
    await rm(folder, { recursive: true });
  };
  try {
    return await started(folder, { ...options, children, end });
  } catch (caught) {
    await end();
    throw caught;
  }
}

async function started(
  folder: string,
  run: ApiServerOptions & { readonly children: ChildProcess[]; readonly end: () => Promise<void> },
): Promise<ApiServer> {
  const [etcdPort = 0, peerPort = 0, port = 0, controllerPort = 0] = await freePorts(4);
  const url = `https://127.0.0.1:${port}`;
  const file = (name: string): string => join(folder, name);
  const authority = await createAuthority('kube-latency-test');
  const [server, admin, tokens] = await Promise.all([
    authority.issue({
      commonName: 'kube-apiserver',
      usages: ['server'],
      names: [{ type: 'ip', value: '127.0.0.1' }],
    }),
    authority.issue({ commonName: 'admin', organisation: 'system:masters', usages: ['client'] }),
    createTokenKeys(),
  ]);
  const kubeconfig = file('admin.kubeconfig');
  const ca = authority.pair.cert;
  const rendered = renderKubeconfig({
    server: url,
    user: 'admin',
    namespace: 'default',
    ca,
    ...admin,
  });
  const files = {
    'ca.crt': ca,
    'server.crt': server.cert,
    'server.key': server.key,
    'tokens.pub': tokens.publicKey,
    'tokens.key': tokens.privateKey,
    'admin.kubeconfig': rendered,
  };
  await mkdir(file('etcd'), { mode: 0o700 });
  for (const [name, text] of Object.entries(files))
    await writeFile(file(name), text, { mode: 0o600 });

  const launch = (name: string, args: readonly string[]): void => {
    const log = openSync(file(`${name}.log`), 'w');
    run.children.push(spawn(program(name), args, { stdio: ['ignore', log, log], cwd: folder }));
  };
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  launch('etcd', [
    ...flags({
      'data-dir': file('etcd'),
      'log-level': 'warn',
      name: 'test',
      'listen-client-urls': etcdUrl,
      'advertise-client-urls': etcdUrl,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `test=${peerUrl}`,
    }),
    '--unsafe-no-fsync',
  ]);
  launch('kube-apiserver', [
    ...flags({
      'bind-address': '127.0.0.1',
      'secure-port': port,
      'service-cluster-ip-range': '10.219.0.0/24',
      'tls-cert-file': file('server.crt'),
      'tls-private-key-file': file('server.key'),
      'client-ca-file': file('ca.crt'),
      'etcd-servers': etcdUrl,
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'service-account-key-file': file('tokens.pub'),
      'service-account-signing-key-file': file('tokens.key'),
      'authorization-mode': 'RBAC',
      // Nobody makes the accounts that pods run as.
      'disable-admission-plugins': 'ServiceAccount',
    }),
    ...(run.args ?? []),
  ]);

  const tryKubectl = (args: readonly string[]): Promise<Finished> =>
    start(program('kubectl'), args, { env: { KUBECONFIG: kubeconfig } }).finished;
  const kubectl = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await tryKubectl(args);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  await eventually(() => ready(url, ca, file('kube-apiserver.log')), { withinMs: 60_000 });
  if (run.controllers === true)
    launch(
      'kube-controller-manager',
      flags({
        kubeconfig,
        'leader-elect': false,
        'bind-address': '127.0.0.1',
        'secure-port': controllerPort,
        controllers: 'garbage-collector-controller,namespace-controller',
      }),
    );
  const connection = await loadKubeConnection({ kubeconfig, context: undefined }, {});
  const client = createKubeClient(connection, createWallClock(processClocks));
  let applied = 0;
  return {
    url,
    kubeconfig,
    client,
    folder,
    tryKubectl,
    kubectl,
    apply: async (...objects) => {
      const path = file(`applied-${++applied}.json`);
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      await writeFile(path, JSON.stringify(list));
      return tryKubectl(['apply', '--server-side', `--filename=${path}`]);
    },
    kubeconfigOf: async (namespace, account) => {
      const token = await kubectl(['create', 'token', account, `--namespace=${namespace}`]);
      const path = file(`${namespace}-${account}.kubeconfig`);
      const user = { token: token.trim() };
      await writeFile(path, withUser(rendered, user), { mode: 0o600 });
      return path;
    },
    stop: async () => {
      client.close();
      await run.end();
    },
  };
}

/** The kubeconfig with other credentials. */
function withUser(kubeconfig: string, user: object): string {
  const config = parse(kubeconfig) as { readonly users: readonly { readonly name: string }[] };
  const users = config.users.map(({ name }) => ({ name, user }));
  return JSON.stringify({ ...config, users });
}

async function ready(url: string, ca: string, log: string): Promise<void> {
  const request = get(`${url}/readyz`, { ca });
  try {
    const [response] = (await once(request, 'response')) as [{ statusCode: number }];
    assert.equal(response.statusCode, 200);
  } catch (caught) {
    const said = (await readFile(log, 'utf8')).split('\n').slice(-5).join('\n');
    throw new Error(`kube-apiserver is not ready: ${said}`, { cause: caught });
  } finally {
    request.destroy();
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  // Nothing of it is to last.
  child.kill('SIGKILL');
  await exited;
}
