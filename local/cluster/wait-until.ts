import { setTimeout as delay } from 'node:timers/promises';
import { clusterFailed } from '../errors.ts';

const usuallyMs = 120_000;
const everyMs = 100;

/**
 * Resolves when the condition holds. A condition that rejects does not hold yet: an API server that is a moment old does not
 * answer every question. Rejects after two minutes, if no other time is given, saying what did not come, or with the signal.
 */
export async function waitUntil(
  what: string,
  condition: () => Promise<boolean>,
  signal: AbortSignal,
  withinMs = usuallyMs,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const outcome = await condition().catch((error: Error) => error);
    signal.throwIfAborted();
    if (outcome === true) return;
    if (performance.now() > deadline) {
      const reason = outcome instanceof Error ? `: ${outcome.message}` : '';
      throw clusterFailed(`${what}: not within ${withinMs / 1000} s${reason}`);
    }
    await delay(everyMs, undefined, { signal });
  }
}
