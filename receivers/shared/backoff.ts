export interface Backoff {
  /** Upper bound of the first wait. */
  readonly baseMs: number;
  /** Upper bound of every wait. */
  readonly capMs: number;
}

/**
 * Exponential back-off with full jitter: a wait between 0 and min(capMs, baseMs * 2^attempt).
 * attempt counts from 0; random gives [0, 1).
 */
export function backoffMs(backoff: Backoff, attempt: number, random: () => number): number {
  return random() * Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(attempt, 30));
}
