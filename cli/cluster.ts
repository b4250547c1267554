import { kindPaths } from '../kind/paths.ts';
import { localPaths } from '../local/paths.ts';
import type { ClusterState } from '../local/state.ts';
import { ConfigError, messageOf } from '../receivers/shared/errors.ts';
import type { KubeConfigChoice, KubeConnection } from '../receivers/shared/kubernetes/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The cluster that `up` made on this machine, the one without an engine first, or undefined where there is none. Rejects with a ConfigError when
 * its description cannot be read.
 */
export async function readLocalCluster(env: Environment): Promise<ClusterState | undefined> {
  const { readState } = await import('../local/status.ts');
  const { readKindState } = await import('../kind/state.ts');
  return (
    (await readable(localPaths(env), readState)) ?? (await readable(kindPaths(env), readKindState))
  );
}

async function readable<Paths extends { readonly stateFile: string }>(
  paths: Paths,
  read: (paths: Paths) => Promise<ClusterState | undefined>,
): Promise<ClusterState | undefined> {
  try {
    return await read(paths);
  } catch (error) {
    throw new ConfigError(
      `reading ${paths.stateFile}: ${messageOf(error)}; kube-latency down and up make it anew`,
      { cause: error },
    );
  }
}

/** The chosen cluster, or where none is chosen the one that `up` made, as its administrator. */
export async function connectionTo(
  choice: KubeConfigChoice,
  state: ClusterState | undefined,
  env: Environment,
): Promise<KubeConnection> {
  const { loadKubeConnection } = await import('../receivers/shared/kubernetes/config.ts');
  return (
    (await chosenConnection(choice, env, state !== undefined)) ??
    loadKubeConnection({ kubeconfig: state?.kubeconfig }, env)
  );
}

/** The chosen cluster; undefined where none is chosen, which rejects unless `mayLack`. */
export async function chosenConnection(
  choice: KubeConfigChoice,
  env: Environment,
  mayLack: boolean,
): Promise<KubeConnection | undefined> {
  const { loadKubeConnection } = await import('../receivers/shared/kubernetes/config.ts');
  try {
    return await loadKubeConnection(choice, env);
  } catch (error) {
    if (mayLack && error instanceof ConfigError && error.code === 'no-kubeconfig') return undefined;
    throw error;
  }
}
