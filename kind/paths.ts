import { dirname, join } from 'node:path';
import { localPaths } from '../local/paths.ts';

/** Where the files of the kind cluster lie. */
export interface KindPaths {
  /** All that `up` writes here; `down` removes it whole. */
  readonly clusterDir: string;
  readonly stateFile: string;
  readonly kubeconfig: string;
  readonly proberKubeconfig: string;
  /** The configuration that kind was given. */
  readonly config: string;
}

/** Beside those of the local cluster. */
export function kindPaths(env: Parameters<typeof localPaths>[0]): KindPaths {
  const clusterDir = join(dirname(localPaths(env).clusterDir), 'kind');
  return {
    clusterDir,
    stateFile: join(clusterDir, 'cluster.json'),
    kubeconfig: join(clusterDir, 'kubeconfig'),
    proberKubeconfig: join(clusterDir, 'prober.kubeconfig'),
    config: join(clusterDir, 'cluster.yaml'),
  };
}
