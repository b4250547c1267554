import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { RetryingExporter } from './retrying-exporter.ts';

export interface EagerOptions {
  readonly exporter: RetryingExporter<ReadableLogRecord[]>;
  /** Records that may wait while a batch is under way. */
  readonly maxQueue: number;
  readonly maxBatch: number;
  /** A record found no place. */
  readonly onFull: () => void;
}

/** Sends a record at once; those that come while a batch is under way follow together in the next. */
export function createEagerLogProcessor(options: EagerOptions): LogRecordProcessor {
  const { exporter, maxQueue, maxBatch, onFull } = options;
  let queue: ReadableLogRecord[] = [];
  let underWay: Promise<void> | undefined;
  let stopped = false;

  async function sendAll(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, maxBatch);
      queue = queue.slice(maxBatch);
      await new Promise<void>((resolve) => exporter.export(batch, () => resolve()));
    }
    underWay = undefined;
  }

  return {
    onEmit: (record) => {
      if (stopped) return;
      if (queue.length >= maxQueue) return onFull();
      queue.push(record);
      underWay ??= sendAll();
    },
    forceFlush: async () => {
      await underWay;
    },
    shutdown: async () => {
      stopped = true;
      await underWay;
      await exporter.shutdown();
    },
  };
}
