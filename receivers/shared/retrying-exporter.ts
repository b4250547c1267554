import { backoffMs, type Backoff } from './backoff.ts';
import { sleep } from './deadline.ts';

/** What an OpenTelemetry exporter calls back with; code 0 is success. */
export interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

/** The part that span and metric exporters have in common. */
export interface Exporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

export interface RetryOptions<Batch> {
  /** Items in a batch, for the counts. */
  readonly size: (batch: Batch) => number;
  readonly backoff: Backoff;
  /** A batch older than this is given up. */
  readonly giveUpAfterMs: number;
  /** Ends every wait: what is not delivered by then counts as dropped. */
  readonly stop: AbortSignal;
  readonly random: () => number;
  /** Told of each batch that is given up. */
  readonly onLoss?: (items: number, reason: LossReason, why: string) => void;
}

type LossReason = 'refused' | 'timeout' | 'stopped';

/** Items by what became of them, and the last reason for a loss. */
interface ExportCounts {
  readonly delivered: number;
  readonly dropped: number;
  readonly retries: number;
  readonly lastProblem: string | undefined;
}

/** gRPC status codes after which the OTLP specification allows a client to try again. */
const retryable: ReadonlySet<number> = new Set([
  1, // CANCELLED
  4, // DEADLINE_EXCEEDED
  10, // ABORTED
  11, // OUT_OF_RANGE
  14, // UNAVAILABLE
  15, // DATA_LOSS
]);

const resourceExhausted = 8;

/** What a server that is busy says of when to come again; one that finds a message too large does not. */
function saysWhenToRetry(error: Error): boolean {
  const { metadata } = error as { readonly metadata?: { get(key: string): (string | Buffer)[] } };
  const details = metadata?.get('grpc-status-details-bin') ?? [];
  return details.some((detail) => detail.includes('google.rpc.RetryInfo'));
}

function isRetryable(error: Error | undefined): boolean {
  if (error === undefined || !('code' in error)) return error?.message.includes('limit') === true;
  if (error.code === resourceExhausted) return saysWhenToRetry(error);
  return typeof error.code === 'number' && retryable.has(error.code);
}

/** Why a batch that failed is given up; null: it is tried again. */
function lossReason(
  error: Error | undefined,
  inTime: boolean,
  stop: AbortSignal,
): LossReason | null {
  if (!isRetryable(error)) return 'refused';
  if (stop.aborted) return 'stopped';
  return inTime ? null : 'timeout';
}

/**
 * An exporter that tries again: the OTLP/gRPC exporters lose a batch with the first UNAVAILABLE.
 * Retries are bounded in time, end with the stop signal, and everything lost is counted.
 */
export interface RetryingExporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
  /** Waits for the batches under way. */
  forceFlush(): Promise<void>;
  /** Waits for the batches under way, then shuts the inner exporter down. */
  shutdown(): Promise<void>;
  counts(): ExportCounts;
}

export function createRetryingExporter<Batch>(
  inner: Exporter<Batch>,
  options: RetryOptions<Batch>,
): RetryingExporter<Batch> {
  const underWay = new Set<Promise<void>>();
  let delivered = 0;
  let dropped = 0;
  let retries = 0;
  let lastProblem: string | undefined;

  const attempt = (batch: Batch): Promise<ExportResult> =>
    new Promise((resolve) => inner.export(batch, resolve));

  async function deliver(batch: Batch): Promise<ExportResult> {
    const startedMs = performance.now();
    for (let failures = 0; ; failures++) {
      const result = await attempt(batch);
      if (result.code === 0) {
        delivered += options.size(batch);
        return result;
      }
      const problem = result.error?.message ?? 'export failed without a reason';
      lastProblem = problem;
      const waitMs = backoffMs(options.backoff, failures, options.random);
      const inTime = performance.now() - startedMs + waitMs < options.giveUpAfterMs;
      const loss = lossReason(result.error, inTime, options.stop);
      if (loss !== null) {
        dropped += options.size(batch);
        options.onLoss?.(options.size(batch), loss, problem);
        return result;
      }
      await sleep(waitMs, options.stop);
      retries++;
    }
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    export: (batch, done) => {
      const work = deliver(batch).then(done);
      const tracked = work.finally(() => underWay.delete(tracked));
      underWay.add(tracked);
    },
    forceFlush: settled,
    shutdown: async () => {
      await settled();
      await inner.shutdown();
    },
    counts: () => ({ delivered, dropped, retries, lastProblem }),
  };
}
