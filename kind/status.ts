import { readFile } from 'node:fs/promises';
import { nodeReadiness } from '../local/cluster/nodes.ts';
import { pipelineStatus } from '../local/cluster/pipeline-status.ts';
import type { LocalContext } from '../local/context.ts';
import type { ClusterState } from '../local/state.ts';
import type { ClusterStatus } from '../local/status.ts';
import { accessBy } from './access.ts';

/** What runs of the kind cluster; nothing of a cluster that does not answer. */
export async function kindStatus(
  state: ClusterState,
  { signal }: Pick<LocalContext, 'signal'>,
): Promise<ClusterStatus> {
  const { ask } = accessBy(await readFile(state.kubeconfig, 'utf8'), signal);
  const [ready, components] = await Promise.all([
    nodeReadiness(ask).catch(() => new Map<string, boolean>()),
    pipelineStatus(state, ask),
  ]);
  return {
    on: 'kind',
    kubeconfig: state.kubeconfig,
    viewer: state.viewerUrl,
    nodes: state.nodes.map(({ name }) => ({ name, ready: ready.get(name) ?? false })),
    components,
  };
}
