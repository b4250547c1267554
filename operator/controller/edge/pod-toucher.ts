import { statusMessage, type KubeClient } from '../../../receivers/shared/kubernetes/client.ts';
import type { Log } from '../../../receivers/shared/log.ts';
import { fieldManager } from '../core/config-map.ts';
import type { TouchOutcome } from '../core/outcomes.ts';
import { podKey, type PodFacts } from '../core/pod-facts.ts';
import { createWriteQueue } from '../core/write-queue.ts';
import { startQueueWorker } from './queue-worker.ts';

export interface PodToucherOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Pods touched in a second, at most. */
  readonly perSecond: number;
}

/** Makes kubelets look at the volumes of pods. */
export interface PodToucher {
  /** The pods have something new to read, which `version` tells from what there was before. */
  readonly touch: (pods: readonly PodFacts[], version: string) => void;
  readonly outcomes: () => ReadonlyMap<TouchOutcome, number>;
  readonly waiting: () => number;
  readonly ended: Promise<void>;
}

/** On a pod: which list of peers its kubelet was told of last. */
const peersAnnotation = 'probes.bigmikes.io/peers';

const timeoutMs = 10_000;
/**
 * The kubelet's watch of a ConfigMap and that of its pods are two: one that heard of the pod first would mount the old content, and look
 * again a minute later.
 */
const settleMs = 1000;

/**
 * A kubelet brings a mounted ConfigMap up to date when it syncs the pod: of its own accord every 60 to 90 s, and at once when an annotation
 * of the pod has changed. Until the signal ends; a pod that could not be touched is left to its kubelet.
 */
export function createPodToucher(options: PodToucherOptions): PodToucher {
  const { client, log, signal, perSecond } = options;
  const queue = createWriteQueue({
    everyMs: settleMs,
    writesPerSecond: perSecond,
    bytesPerSecond: 1,
    stockBytes: 1,
  });
  const versions = new Map<string, string>();
  const outcomes = new Map<TouchOutcome, number>();
  let told = '';

  async function work(key: string): Promise<void> {
    const version = versions.get(key) ?? '';
    versions.delete(key);
    const [namespace = '', name = ''] = key.split('/');
    const answer = await client.request(
      {
        verb: 'patch',
        // Annotations may be written here, too; the right to a pod's specification is not needed.
        path: `/api/v1/namespaces/${namespace}/pods/${name}/status`,
        query: { fieldManager },
        contentType: 'application/merge-patch+json',
        body: { metadata: { annotations: { [peersAnnotation]: version } } },
      },
      { timeoutMs, signal },
    );
    if (signal.aborted) return;
    if (answer.kind === 'answer' && answer.status === 200) return count('touched');
    if (answer.kind === 'answer' && answer.status === 404) return count('gone');
    count('failed');
    const problem =
      answer.kind === 'failed'
        ? answer.message
        : (statusMessage(answer.body) ?? `status ${answer.status}`);
    if (problem !== told) log.warn({ pod: key, problem }, 'pod not touched');
    told = problem;
  }

  function count(outcome: TouchOutcome): void {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  const worker = startQueueWorker({ queue, work, concurrency: 4, signal });
  return {
    touch: (pods, version) => {
      if (perSecond === 0) return;
      const nowMs = performance.now();
      for (const pod of pods) {
        if (!pod.running) continue;
        const key = podKey(pod);
        versions.set(key, version);
        queue.want(key, 0, nowMs);
        queue.postpone(key, nowMs + settleMs);
      }
      worker.wake();
    },
    outcomes: () => outcomes,
    waiting: queue.waiting,
    ended: worker.ended,
  };
}
