import { join } from 'node:path';

/** Where the files of the local cluster lie. */
export interface LocalPaths {
  /** Everything `up` makes; `down` removes it whole. */
  readonly clusterDir: string;
  /** Built programs; stays. */
  readonly cacheDir: string;
  readonly stateFile: string;
  readonly journal: string;
  readonly kubeconfig: string;
  readonly proberKubeconfig: string;
  readonly pki: string;
  readonly config: string;
  readonly logs: string;
  readonly images: string;
  readonly spansFile: string;
}

/** What a node has of its own: `var-lib` and `var-log` are its /var/lib and /var/log. */
export function nodeFolder(clusterDir: string, node: string): string {
  return join(clusterDir, 'nodes', node);
}

type PathVariables = Readonly<
  Partial<Record<'HOME' | 'XDG_STATE_HOME' | 'XDG_CACHE_HOME', string | undefined>>
>;

/** The XDG base folders decide, as for any other program; a relative one is ignored, as their specification asks. */
export function localPaths(env: PathVariables): LocalPaths {
  const home = env.HOME ?? '/root';
  const clusterDir = join(
    absolute(env.XDG_STATE_HOME) ?? join(home, '.local/state'),
    'kube-latency/local',
  );
  return {
    clusterDir,
    cacheDir: join(absolute(env.XDG_CACHE_HOME) ?? join(home, '.cache'), 'kube-latency'),
    stateFile: join(clusterDir, 'cluster.json'),
    journal: join(clusterDir, 'journal.jsonl'),
    kubeconfig: join(clusterDir, 'kubeconfig'),
    proberKubeconfig: join(clusterDir, 'prober.kubeconfig'),
    pki: join(clusterDir, 'pki'),
    config: join(clusterDir, 'config'),
    logs: join(clusterDir, 'logs'),
    images: join(clusterDir, 'images'),
    // As the control plane's node sees it: /var/lib/kube-latency/gateway, the folder of the gateway's volume.
    spansFile: join(
      clusterDir,
      'nodes/kube-latency-control-plane/var-lib/kube-latency/gateway/spans.jsonl',
    ),
  };
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}
