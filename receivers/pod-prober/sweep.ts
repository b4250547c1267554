import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Log } from '../shared/log.ts';
import { isOver, type Leftover, type OwnerState } from './leftover.ts';
import { formatOwner, processOf, type Owner } from './owner.ts';
import type { PodApi } from './pod-api.ts';
import type { ApiPod } from './pod-objects.ts';
import { processState, samePodState } from './process-owner.ts';

export interface SweepEdge {
  readonly client: KubeClient;
  readonly api: PodApi;
  /** Who sweeps. */
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
  const { self } = edge;
  if (self.kind === 'pod' && self.uid === owner.uid && self.process !== undefined) {
    if (owner.process !== undefined) return samePodState(owner.process, self.process);
  }
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
      const state = processState(owner, processOf(edge.self));
      return state === 'elsewhere' ? 'unknown' : state;
    }
    case 'unknown':
      return 'unknown';
  }
}

type Ask = (owner: Owner) => Promise<OwnerState>;

/** Asks about each owner once, however many pods it has. */
function askOnce(edge: SweepEdge): Ask {
  const asked = new Map<string, Promise<OwnerState>>();
  return (owner) => {
    const key = formatOwner(owner);
    const state = asked.get(key) ?? ownerState(owner, edge);
    asked.set(key, state);
    return state;
  };
}

async function sweepOne(pod: Leftover, ask: Ask, edge: SweepEdge): Promise<boolean> {
  const owner = await ask(pod.owner);
  if (!isOver(pod, owner, edge.nowMs)) return false;
  const { record } = await edge.api.remove(pod, null, {
    timeoutMs: requestTimeoutMs,
    signal: edge.signal,
  });
  if (record.failure !== null)
    edge.log.warn({ pod: pod.name, why: record.failure.message }, 'sweep failed');
  return record.failure === null;
}

/**
 * Deletes those of the pods whose run is over, and returns how many; runs that live are left alone.
 * The pods must be none that this run follows.
 */
export async function sweep(pods: readonly Leftover[], edge: SweepEdge): Promise<number> {
  const ask = askOnce(edge);
  const swept = await Promise.all(pods.map((pod) => sweepOne(pod, ask, edge)));
  const count = swept.filter(Boolean).length;
  if (count > 0) edge.log.info({ pods: count }, 'deleted the pods of probes whose run is over');
  return count;
}
