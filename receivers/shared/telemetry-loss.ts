import type { Log } from './log.ts';

/** Items that will not be delivered; for metrics an item is a batch. */
export interface Loss {
  readonly signal: 'traces' | 'metrics' | 'logs';
  /** `stopped`: the end of the run came before the collector. */
  readonly reason: 'queue_full' | 'refused' | 'timeout' | 'stopped';
  readonly count: number;
}

/** Tells of trouble with telemetry, and counts what is lost. */
export interface LossLog {
  /**
   * Passes on a complaint of the SDK: the first at once, then at most one in a minute, with how many
   * were held back before it, and none in the minute after a loss was told, which it may repeat.
   */
  readonly complain: (fields: object, message: string) => void;
  /** Counts a loss; the first is told at once, then at most one in a minute, with the total. */
  readonly lose: (loss: Loss, why: string) => void;
  /** All losses so far, by signal and reason. */
  readonly losses: () => readonly Loss[];
  /** From now on complaints are for debugging: the outcome of the shutdown tells them. */
  readonly close: () => void;
}

const everyMs = 60_000;

export function createLossLog(log: Log, nowMs: () => number): LossLog {
  const losses = new Map<string, Loss>();
  let nextMs = Number.NEGATIVE_INFINITY;
  let nextLossMs = Number.NEGATIVE_INFINITY;
  let heldBack = 0;
  let closed = false;

  function complain(fields: object, message: string): void {
    if (closed) return log.debug(fields, message);
    if (nowMs() < Math.max(nextMs, nextLossMs)) {
      heldBack++;
      return;
    }
    log.warn(heldBack === 0 ? fields : { ...fields, heldBack }, message);
    nextMs = nowMs() + everyMs;
    heldBack = 0;
  }

  return {
    complain,
    lose: ({ signal, reason, count }, why) => {
      const key = `${signal} ${reason}`;
      const total = (losses.get(key)?.count ?? 0) + count;
      losses.set(key, { signal, reason, count: total });
      if (closed || nowMs() < nextLossMs) return;
      nextLossMs = nowMs() + everyMs;
      log.warn({ signal, reason, total, why }, 'telemetry is lost');
    },
    losses: () => [...losses.values()],
    close: () => {
      closed = true;
    },
  };
}
