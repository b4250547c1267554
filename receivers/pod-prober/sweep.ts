import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Log } from '../shared/log.ts';
import { isOver, leftover, type Leftover, type OwnerState } from './leftover.ts';
import type { Owner } from './owner.ts';
import type { PodApi } from './pod-api.ts';
import type { ApiPod } from './pod-objects.ts';
import { processState } from './process-owner.ts';

export interface SweepEdge {
  readonly client: KubeClient;
  readonly api: PodApi;
  readonly self: Owner;
  readonly log: Log;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

const requestTimeoutMs = 5000;

/** Whether the pod that ran a probe still runs: gone, finished or another one of that name is over. */
async function podOwnerState(
  owner: Extract<Owner, { kind: 'pod' }>,
  edge: SweepEdge,
): Promise<OwnerState> {
  const path = `/api/v1/namespaces/${encodeURIComponent(owner.namespace)}/pods/${encodeURIComponent(owner.name)}`;
  const answer = await edge.client.request(
    { verb: 'get', path },
    { timeoutMs: requestTimeoutMs, signal: edge.signal },
  );
  if (answer.kind !== 'answer') return 'unknown';
  if (answer.status === 404) return 'gone';
  if (answer.status !== 200) return 'unknown';
  const pod = answer.body as ApiPod;
  const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return pod.metadata?.uid !== owner.uid || finished ? 'gone' : 'alive';
}

async function ownerState(owner: Owner, edge: SweepEdge): Promise<OwnerState> {
  switch (owner.kind) {
    case 'pod':
      return podOwnerState(owner, edge);
    case 'process': {
      const state = processState(owner, edge.self);
      return state === 'elsewhere' ? 'unknown' : state;
    }
    case 'unknown':
      return 'unknown';
  }
}

async function sweepOne(pod: Leftover, edge: SweepEdge): Promise<boolean> {
  const owner = await ownerState(pod.owner, edge);
  if (!isOver(pod, owner, edge.nowMs)) return false;
  const { record } = await edge.api.remove(pod, null, {
    timeoutMs: requestTimeoutMs,
    signal: edge.signal,
  });
  if (record.failure !== null)
    edge.log.warn({ pod: pod.name, why: record.failure.message }, 'sweep failed');
  return record.failure === null;
}

/** Deletes the probe pods of runs that are over, and returns how many; runs that live are left alone. */
export async function sweep(found: readonly ApiPod[], edge: SweepEdge): Promise<number> {
  const pods = found.map(leftover).filter((each) => each !== null);
  const swept = await Promise.all(pods.map((pod) => sweepOne(pod, edge)));
  const count = swept.filter(Boolean).length;
  if (count > 0) edge.log.info({ pods: count }, 'deleted the pods of probes whose run is over');
  return count;
}
