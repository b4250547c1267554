import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something holds; throws when it does not within some seconds. */
export async function until(holds: () => boolean, withinMs = 8000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > endMs)
      throw new Error(`not within ${withinMs} ms: ${holds.toString()}`);
    await delay(2);
  }
}
