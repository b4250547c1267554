import { backoffMs } from '../../shared/backoff.ts';
import { sleep } from '../../shared/deadline.ts';
import type { Log } from '../../shared/log.ts';
import type { Counts } from '../core/counts.ts';
import { rejectedSpans } from '../wire/response.ts';
import type { OtlpClient } from './otlp-client.ts';

export interface SenderOptions {
  readonly client: OtlpClient;
  readonly counts: Counts;
  readonly log: Log;
  /** Most bytes that wait; what comes beyond is dropped and counted. */
  readonly maxQueuedBytes: number;
  /** A request that cannot be delivered is given up after this time. */
  readonly giveUpAfterMs: number;
  readonly random: () => number;
}

export interface Sender {
  /** Queues an encoded request of so many spans. */
  readonly send: (request: Buffer, spans: number) => void;
  /** Waits until the queue is empty; when the signal ends, what is left is dropped and counted. Takes nothing more. */
  readonly close: (signal: AbortSignal) => Promise<void>;
}

interface Queued {
  readonly request: Buffer;
  readonly spans: number;
}

const attemptMs = 5000;
const backoff = { baseMs: 100, capMs: 2000 };

/** Delivers requests in order, one at a time, with retries; bounded in bytes. */
export function createSender(options: SenderOptions): Sender {
  const { client, counts, log } = options;
  const queue: Queued[] = [];
  const stop = new AbortController();
  let closed = false;
  let pumping: Promise<void> | undefined;

  async function pump(): Promise<void> {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      await deliver(next);
      queue.shift();
      counts.queuedBytes -= next.request.length;
    }
    pumping = undefined;
  }

  async function deliver({ request, spans }: Queued): Promise<void> {
    const startedMs = performance.now();
    for (let failures = 0; ; failures++) {
      if (stop.signal.aborted) return void (counts.dropped.shutdown += spans);
      const delivery = await client.export(request, attemptMs, stop.signal);
      if (delivery.kind === 'delivered') return delivered(delivery.response, spans);
      const waitMs = backoffMs(backoff, failures, options.random);
      const late = performance.now() - startedMs + waitMs > options.giveUpAfterMs;
      if (delivery.kind === 'refused' || late) {
        counts.dropped.send_failed += spans;
        log.warn({ spans, problem: delivery.problem }, 'copies not delivered');
        return;
      }
      await sleep(waitMs, stop.signal);
    }
  }

  function delivered(response: Buffer, spans: number): void {
    const rejected = Math.min(spans, rejectedSpans(response));
    counts.dropped.rejected += rejected;
    counts.delivered += spans - rejected;
  }

  return {
    send: (request, spans) => {
      if (closed || counts.queuedBytes + request.length > options.maxQueuedBytes) {
        counts.dropped[closed ? 'shutdown' : 'queue_full'] += spans;
        return;
      }
      queue.push({ request, spans });
      counts.queuedBytes += request.length;
      pumping ??= pump();
    },
    close: async (signal) => {
      closed = true;
      const abort = (): void => stop.abort();
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      await pumping;
      signal.removeEventListener('abort', abort);
      client.close();
    },
  };
}
