import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { cluster, kubectl } from '../../support/cluster.ts';

const namespace = 'kube-latency-node';

/** A ServiceAccount beside the agents', which may do what ClusterRoles of collector-config/rights.yaml say. */
export interface Account {
  readonly name: string;
  /** Writes a kubeconfig with a token of it. */
  writeKubeconfig(path: string): Promise<string>;
  remove(): Promise<void>;
}

export async function createAccount(name: string, roles: readonly string[]): Promise<Account> {
  await kubectl(['--namespace', namespace, 'create', 'serviceaccount', name]);
  for (const role of roles)
    await kubectl([
      'create',
      'clusterrolebinding',
      `${name}-${role}`,
      `--clusterrole=${role}`,
      `--serviceaccount=${namespace}:${name}`,
    ]);
  return {
    name,
    writeKubeconfig: async (path) => {
      const token = await kubectl(['--namespace', namespace, 'create', 'token', name]);
      const admin = parse(await readFile((await cluster()).kubeconfig, 'utf8')) as {
        readonly users: readonly { readonly name: string }[];
      };
      const users = admin.users.map((user) => ({ name: user.name, user: { token: token.trim() } }));
      await writeFile(path, JSON.stringify({ ...admin, users }), { mode: 0o600 });
      return path;
    },
    remove: async () => {
      const bindings = roles.map((role) => `clusterrolebinding/${name}-${role}`);
      await kubectl(['delete', '--ignore-not-found', ...bindings]);
      await kubectl([
        '--namespace',
        namespace,
        'delete',
        '--ignore-not-found',
        'serviceaccount',
        name,
      ]);
    },
  };
}
