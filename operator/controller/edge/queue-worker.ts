import { sleep } from '../../../receivers/shared/deadline.ts';
import type { WriteQueue } from '../core/write-queue.ts';

export interface QueueWorkerOptions {
  readonly queue: WriteQueue;
  /** Never rejects. Not called for a key that is under way. */
  readonly work: (key: string) => Promise<void>;
  /** Calls at once, at most. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

export interface QueueWorker {
  /** Says that the queue has changed. */
  readonly wake: () => void;
  /** Resolves after the signal, when no call is under way. */
  readonly ended: Promise<void>;
}

/** Does what a queue gives, as it gives it, until the signal ends. */
export function startQueueWorker(options: QueueWorkerOptions): QueueWorker {
  const { queue, work, concurrency, signal } = options;
  const underWay = new Map<string, Promise<void>>();
  let bell = new AbortController();
  const wake = (): void => bell.abort();
  signal.addEventListener('abort', wake, { once: true });

  async function run(): Promise<void> {
    while (!signal.aborted) {
      bell = new AbortController();
      if (underWay.size >= concurrency) {
        await Promise.race(underWay.values());
        continue;
      }
      const next = queue.next(performance.now());
      if (next.kind === 'idle') await sleep(idleMs, bell.signal);
      else if (next.kind === 'wait') await sleep(Math.min(next.ms, idleMs), bell.signal);
      else begin(next.key);
    }
    await Promise.all(underWay.values());
  }

  function begin(key: string): void {
    const before = underWay.get(key) ?? Promise.resolve();
    const done = before
      .then(() => work(key))
      .finally(() => {
        if (underWay.get(key) === done) underWay.delete(key);
      });
    underWay.set(key, done);
  }

  return { wake, ended: run().finally(() => signal.removeEventListener('abort', wake)) };
}

/** Nothing is waited for longer, whatever was forgotten. */
const idleMs = 60_000;
