import {
  statusMessage,
  type KubeAnswer,
  type KubeClient,
} from '../../receivers/shared/kubernetes/client.ts';
import { followCollection } from '../../receivers/shared/kubernetes/collection.ts';
import type { Log } from '../../receivers/shared/log.ts';
import type { WallClock } from '../../receivers/shared/wall-clock.ts';
import { fieldManager, managedBy } from '../controller/core/config-map.ts';
import { createWriteQueue } from '../controller/core/write-queue.ts';
import { startQueueWorker } from '../controller/edge/queue-worker.ts';
import { daemonSetFacts, type DaemonSetFacts, type WantedDaemonSet } from './daemon-set.ts';

export interface DaemonSetKeeperOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The operator's. */
  readonly namespace: string;
  readonly onChange: () => void;
}

export interface DaemonSetKeeper {
  /** What there is to be from now on; what else is there goes. */
  readonly want: (wanted: readonly WantedDaemonSet[]) => void;
  readonly observed: () => readonly DaemonSetFacts[];
  /** Why it is not as it is to be; undefined: it is, or will be in a moment. */
  readonly problem: (name: string) => string | undefined;
  readonly listed: () => boolean;
  readonly ended: Promise<void>;
}

const timeoutMs = 10_000;
const againMs = 10_000;
const bounds = { everyMs: 1000, writesPerSecond: 5, bytesPerSecond: 1e6, stockBytes: 1e6 };

/** Brings the DaemonSets of pingers to what they are to be, until the signal ends. */
export function keepDaemonSets(options: DaemonSetKeeperOptions): DaemonSetKeeper {
  const { client, clock, log, signal, namespace, onChange } = options;
  const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets`;
  const queue = createWriteQueue(bounds);
  const problems = new Map<string, string>();
  let wanted: ReadonlyMap<string, WantedDaemonSet> | undefined;

  const sets = followCollection<DaemonSetFacts>({
    client,
    clock,
    log,
    signal,
    path,
    query: { labelSelector: `${managedBy.key}=${managedBy.value}` },
    read: daemonSetFacts,
    onChange: () => {
      compare();
      onChange();
    },
  });
  const there = (): ReadonlyMap<string, DaemonSetFacts> =>
    new Map(Array.from(sets.places(), (facts) => [facts.name, facts]));

  function compare(): void {
    if (wanted === undefined || !sets.listed()) return;
    const nowMs = performance.now();
    const known = there();
    for (const name of new Set([...wanted.keys(), ...known.keys()]))
      if (wanted.get(name)?.hash === known.get(name)?.hash) queue.drop(name);
      else queue.want(name, 0, nowMs);
    worker.wake();
  }

  async function work(name: string): Promise<void> {
    const each = wanted?.get(name);
    if (each?.hash === there().get(name)?.hash) return;
    const answer =
      each === undefined
        ? await client.request({ verb: 'delete', path: `${path}/${name}` }, { timeoutMs, signal })
        : await client.request(
            {
              verb: 'patch',
              path: `${path}/${name}`,
              query: { fieldManager, force: 'true' },
              contentType: 'application/apply-patch+yaml',
              body: each.object,
            },
            { timeoutMs, signal },
          );
    const isDone = answer.kind === 'answer' && [200, 201, 202].includes(answer.status);
    const isGone = each === undefined && answer.kind === 'answer' && answer.status === 404;
    if (isDone || isGone) problems.delete(name);
    else if (!signal.aborted) failed(name, whyNot(answer));
    onChange();
  }

  function failed(name: string, problem: string): void {
    if (problems.get(name) !== problem) log.warn({ daemonSet: name, problem }, 'not written');
    problems.set(name, problem);
    const nowMs = performance.now();
    queue.want(name, 0, nowMs);
    queue.postpone(name, nowMs + againMs);
  }

  const worker = startQueueWorker({ queue, work, concurrency: 1, signal });
  return {
    want: (next) => {
      wanted = new Map(next.map((each) => [each.name, each]));
      compare();
    },
    observed: () => [...sets.places()],
    problem: (name) => problems.get(name),
    listed: sets.listed,
    ended: Promise.all([sets.ended, worker.ended]).then(() => undefined),
  };
}

function whyNot(answer: KubeAnswer): string {
  if (answer.kind === 'failed') return answer.message;
  return statusMessage(answer.body) ?? `status ${answer.status}`;
}
