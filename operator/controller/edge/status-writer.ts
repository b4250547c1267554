import { isDeepStrictEqual } from 'node:util';

import { backoffMs } from '../../../receivers/shared/backoff.ts';
import { statusMessage, type KubeClient } from '../../../receivers/shared/kubernetes/client.ts';
import type { Log } from '../../../receivers/shared/log.ts';
import {
  apiVersion,
  kind,
  objectPath,
  type Condition,
  type ProberIdentity,
} from '../../network-prober.ts';
import { fieldManager } from '../core/config-map.ts';
import type { StatusOutcome } from '../core/outcomes.ts';
import { timed, type ProberStatus } from '../core/status.ts';
import { createWriteQueue, type WriteBounds } from '../core/write-queue.ts';
import { startQueueWorker } from './queue-worker.ts';

export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly bounds: WriteBounds;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** A condition is another one than before. */
  readonly onChange: (
    prober: ProberIdentity,
    before: Condition | undefined,
    now: Condition,
  ) => void;
}

export interface StatusWriter {
  /** What is to be said from now on; of who is left out nothing is. */
  readonly want: (statuses: readonly WantedStatus[]) => void;
  readonly outcomes: () => ReadonlyMap<StatusOutcome, number>;
  readonly ended: Promise<void>;
}

export interface WantedStatus {
  readonly prober: ProberIdentity;
  readonly status: ProberStatus;
}

const timeoutMs = 10_000;
const backoff = { baseMs: 1000, capMs: 30_000 };

/** Writes what is to be said of NetworkProbers where it has changed, within bounds, until the signal ends. */
export function createStatusWriter(options: StatusWriterOptions): StatusWriter {
  const { client, log, signal, bounds, nowMs, onChange } = options;
  const queue = createWriteQueue(bounds);
  const outcomes = new Map<StatusOutcome, number>();
  const written = new Map<string, { status: ProberStatus; conditions: readonly Condition[] }>();
  const failures = new Map<string, number>();
  let wanted: ReadonlyMap<string, WantedStatus> = new Map();

  async function work(uid: string): Promise<void> {
    const each = wanted.get(uid);
    if (each === undefined) return;
    const { prober, status } = each;
    const before = written.get(uid)?.conditions ?? prober.conditions;
    const conditions = timed(status.conditions, before, {
      now: new Date(nowMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
      generation: prober.generation,
    });
    const outcome = await send(prober, { ...status, conditions });
    if (signal.aborted) return;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (outcome === 'failed') {
      const times = failures.get(uid) ?? 0;
      failures.set(uid, times + 1);
      const steadyMs = performance.now();
      queue.want(uid, size(status), steadyMs);
      queue.postpone(uid, steadyMs + backoffMs(backoff, times, Math.random));
      return;
    }
    failures.delete(uid);
    written.set(uid, { status, conditions });
    if (outcome === 'written')
      for (const condition of conditions) {
        const known = before.find(({ type }) => type === condition.type);
        if (known?.status !== condition.status || known.reason !== condition.reason)
          onChange(prober, known, condition);
      }
  }

  async function send(prober: ProberIdentity, status: object): Promise<StatusOutcome> {
    const { namespace, name, uid } = prober;
    const answer = await client.request(
      {
        verb: 'patch',
        path: `${objectPath(prober)}/status`,
        query: { fieldManager, force: 'true' },
        contentType: 'application/apply-patch+yaml',
        // With its uid: another one of its name has a status of its own.
        body: { apiVersion, kind, metadata: { namespace, name, uid }, status },
      },
      { timeoutMs, signal },
    );
    if (answer.kind === 'answer' && answer.status === 200) return 'written';
    if (answer.kind === 'answer' && [404, 409].includes(answer.status)) return 'gone';
    const problem =
      answer.kind === 'failed' ? answer.message : (statusMessage(answer.body) ?? answer.status);
    if (!failures.has(uid) && !signal.aborted)
      log.warn({ prober: `${namespace}/${name}`, problem }, 'status not written, trying again');
    return 'failed';
  }

  const worker = startQueueWorker({ queue, work, concurrency: 2, signal });
  return {
    want: (statuses) => {
      wanted = new Map(statuses.map((each) => [each.prober.uid, each]));
      const steadyMs = performance.now();
      for (const uid of written.keys())
        if (!wanted.has(uid)) {
          written.delete(uid);
          queue.drop(uid);
        }
      for (const [uid, { status }] of wanted)
        if (isDeepStrictEqual(status, written.get(uid)?.status)) queue.drop(uid);
        else queue.want(uid, size(status), steadyMs);
      worker.wake();
    },
    outcomes: () => outcomes,
    ended: worker.ended,
  };
}

/** Bytes, about: names are most of it. */
function size({ pods, missedPods }: ProberStatus): number {
  return 1000 + pods.reduce((sum, pod) => sum + pod.length + 3, 0) + 60 * missedPods.length;
}
