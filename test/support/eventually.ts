import { setTimeout as delay } from 'node:timers/promises';

/** Calls `attempt` until it does not throw, and gives its value; after `withinMs` its last error is thrown. */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { withinMs = 30_000, everyMs = 250 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await delay(everyMs);
    }
  }
}
