import { statusMessage, type KubeClient } from '../../shared/kubernetes/client.ts';

/** A DaemonSet that must not find it on a node does not run there: the boot was told. */
const excludeLabel = 'node-latency-for-k8s-exclude-pod';

const timeoutMs = 15_000;

/** Labels a node; gives what went wrong, undefined where nothing did. Needs the right to patch nodes. */
export async function labelNode(
  client: KubeClient,
  node: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await client.request(
    {
      verb: 'patch',
      path: `/api/v1/nodes/${encodeURIComponent(node)}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { [excludeLabel]: '' } } },
    },
    { timeoutMs, signal },
  );
  if (answer.kind === 'answer' && answer.status === 200) return undefined;
  const why =
    answer.kind === 'failed'
      ? answer.message
      : (statusMessage(answer.body) ?? `status ${answer.status}`);
  return `labelling node ${node}: ${why}`;
}
