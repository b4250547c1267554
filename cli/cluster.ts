import { localPaths } from '../local/paths.ts';
import type { ClusterState } from '../local/state.ts';
import { ConfigError, messageOf } from '../receivers/shared/errors.ts';
import type { KubeConfigChoice, KubeConnection } from '../receivers/shared/kubernetes/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The cluster that `up` made on this machine, or undefined where there is none. Rejects with a ConfigError when
 * its description cannot be read.
 */
export async function readLocalCluster(env: Environment): Promise<ClusterState | undefined> {
  const paths = localPaths(env);
  const { readState } = await import('../local/status.ts');
  try {
    return await readState(paths);
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
  try {
    return await loadKubeConnection(choice, env);
  } catch (error) {
    const nothingChosen = error instanceof ConfigError && error.code === 'no-kubeconfig';
    if (!nothingChosen || state === undefined) throw error;
    return loadKubeConnection({ kubeconfig: state.kubeconfig }, env);
  }
}
