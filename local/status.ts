import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { createApi, type AskApi } from './cluster/api-client.ts';
import { checkHealth } from './cluster/health.ts';
import { nodeReadiness } from './cluster/nodes.ts';
import { pipelineStatus } from './cluster/pipeline-status.ts';
import type { AdminCredentials } from './cluster/pki.ts';
import type { LocalContext } from './context.ts';
import { latestProcesses, readJournal, type ProcessEntry } from './host/journal.ts';
import { isRunning } from './host/proc.ts';
import { localPaths, type LocalPaths } from './paths.ts';
import { clusterStateSchema, type ClusterState } from './state.ts';

/** What runs of a cluster. */
export interface ClusterStatus {
  readonly on: ClusterState['on'];
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Address of the viewer's pages. */
  readonly viewer: string;
  readonly nodes: readonly { readonly name: string; readonly ready: boolean }[];
  readonly components: readonly ComponentStatus[];
}

interface ComponentStatus {
  /** `kubelet on kube-latency-worker` */
  readonly name: string;
  /** Null: it runs in a pod. */
  readonly pid: number | null;
  readonly healthy: boolean;
}

/** The state of the cluster that `up` made, or null when there is none. Answers within some seconds. */
export async function status(context: LocalContext): Promise<ClusterStatus | null> {
  const paths = localPaths(context.env);
  const state = await readState(paths);
  return state === undefined ? null : statusOf(state, paths, context.signal);
}

/** What cluster.json says; undefined when there is none. Rejects when it holds something else. */
export async function readState(paths: LocalPaths): Promise<ClusterState | undefined> {
  const text = await readFile(paths.stateFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : clusterStateSchema.parse(JSON.parse(text));
}

export async function statusOf(
  state: ClusterState,
  paths: LocalPaths,
  signal: AbortSignal,
): Promise<ClusterStatus> {
  const credentials = readCredentials(await readFile(state.kubeconfig, 'utf8'));
  const processes = latestProcesses(readJournal(paths.journal));
  const ask = createApi(credentials, signal);
  const [processStatus, ready, podStatus] = await Promise.all([
    componentStatus(processes, credentials),
    readiness(ask),
    pipelineStatus(state, ask),
  ]);
  return {
    on: 'local',
    kubeconfig: state.kubeconfig,
    viewer: state.viewerUrl,
    nodes: state.nodes.map(({ name }) => ({ name, ready: ready.get(name) ?? false })),
    components: [...processStatus, ...podStatus],
  };
}

function componentStatus(
  processes: ReadonlyMap<string, ProcessEntry>,
  credentials: AdminCredentials,
): Promise<ComponentStatus[]> {
  const holders = new Map(
    [...processes.values()]
      .filter(({ component }) => component === 'node')
      .map(({ node, pid }) => [node, pid]),
  );
  return Promise.all(
    [...processes].map(async ([name, { pid, startTime, health, node }]) => {
      const nodeProcess = holders.get(node) ?? null;
      const healthy =
        isRunning(pid, startTime) &&
        (health === null || (await checkHealth(health, { credentials, nodeProcess })) === 'ok');
      return { name, pid, healthy };
    }),
  );
}

/** No node is ready to an API server that does not answer. */
async function readiness(ask: AskApi): Promise<Map<string, boolean>> {
  return nodeReadiness(ask).catch(() => new Map<string, boolean>());
}

const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([
    z.looseObject({ cluster: z.looseObject({ 'certificate-authority-data': z.base64() }) }),
  ]),
  users: z.tuple([
    z.looseObject({
      user: z.looseObject({
        'client-certificate-data': z.base64(),
        'client-key-data': z.base64(),
      }),
    }),
  ]),
});

function readCredentials(kubeconfig: string): AdminCredentials {
  const { clusters, users } = kubeconfigSchema.parse(parse(kubeconfig));
  const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
  return {
    ca: decode(clusters[0].cluster['certificate-authority-data']),
    cert: decode(users[0].user['client-certificate-data']),
    key: decode(users[0].user['client-key-data']),
  };
}
