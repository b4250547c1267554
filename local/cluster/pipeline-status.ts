import type { AskApi } from './api-client.ts';
import { pipelinePods, type PipelinePart, type PipelinePod } from './pipeline-pods.ts';

/** A part of the pipeline, which runs in a pod. */
export interface PartStatus {
  /** `agent on kube-latency-worker` */
  readonly name: string;
  readonly pid: null;
  readonly healthy: boolean;
}

/**
 * The pods of the pipeline that there have to be; one that is not there is not healthy. Those of the mesh have to be where the
 * mesh is deployed.
 */
export async function pipelineStatus(
  { nodes }: { readonly nodes: readonly { readonly name: string }[] },
  ask: AskApi,
): Promise<PartStatus[]> {
  const parts: PipelinePart[] = ['agent', 'gateway'];
  if (await hasMesh(ask)) parts.push('rtt-pinger', 'rtt-aggregator');
  const pods = await pipelinePods(ask, parts).catch(() => []);
  return parts.flatMap((part) =>
    isOnce(part)
      ? [statusOf(part, ready(pods, part))]
      : nodes.map(({ name }) => statusOf(`${part} on ${name}`, ready(pods, part, name))),
  );
}

/** Where the API server does not answer, it counts as there: then nothing is healthy. */
async function hasMesh(ask: AskApi): Promise<boolean> {
  const path = '/apis/apps/v1/namespaces/kube-latency/daemonsets/rtt-pinger';
  const answer = await ask({ method: 'GET', path }).catch(() => undefined);
  return answer?.status !== 404;
}

function isOnce(part: PipelinePart): boolean {
  return part === 'gateway' || part === 'rtt-aggregator';
}

function ready(pods: readonly PipelinePod[], part: PipelinePart, node?: string): boolean {
  return pods.some(
    (pod) => pod.name === part && pod.ready && (node === undefined || pod.node === node),
  );
}

function statusOf(name: string, healthy: boolean): PartStatus {
  return { name, pid: null, healthy };
}
