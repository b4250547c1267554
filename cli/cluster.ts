import { localPaths } from '../local/paths.ts';
import type { ClusterState } from '../local/state.ts';
import { ConfigError, messageOf } from '../receivers/shared/errors.ts';

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
