import type { BootRecord } from './boot-record.ts';

/** `stopped`: it was to stop before. */
export type BootOutcome = 'complete' | 'timeout' | 'stopped';

export interface WaitForBootOptions {
  readonly record: () => BootRecord;
  /** No source will tell anything more. */
  readonly allEnded: () => boolean;
  readonly timeoutMs: number;
  /** So long other sources may still tell of what happened before the end. */
  readonly settleMs: number;
  readonly signal: AbortSignal;
}

export interface WaitForBoot {
  readonly outcome: Promise<BootOutcome>;
  /** To be called when something may have changed. */
  readonly look: () => void;
}

/** Waits until every awaited event has happened, or time is over. Where none is awaited, until no source tells anything more. */
export function waitForBoot(options: WaitForBootOptions): WaitForBoot {
  const { record, allEnded, timeoutMs, settleMs, signal } = options;
  const { promise, resolve } = Promise.withResolvers<BootOutcome>();
  let settling: NodeJS.Timeout | undefined;

  function isOver(): boolean {
    const { complete, timings } = record().measurement;
    return complete && (allEnded() || timings.some(({ event }) => event.terminal));
  }

  function end(outcome: BootOutcome): void {
    clearTimeout(deadline);
    clearTimeout(settling);
    signal.removeEventListener('abort', stop);
    resolve(outcome);
  }

  const stop = (): void => end('stopped');
  const deadline = setTimeout(() => end(isOver() ? 'complete' : 'timeout'), timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();

  return {
    outcome: promise,
    look: () => {
      if (!isOver()) {
        clearTimeout(settling);
        settling = undefined;
        return;
      }
      settling ??= setTimeout(() => end('complete'), settleMs);
    },
  };
}
