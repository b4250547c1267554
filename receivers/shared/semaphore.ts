/** Lets at most `places` holders in at a time; the others wait in order of arrival. */
export interface Semaphore {
  /** Waits for a place; `ended`: the signal came first, and there is none to release. */
  readonly acquire: (signal?: AbortSignal) => Promise<'held' | 'ended'>;
  readonly release: () => void;
}

export function createSemaphore(places: number): Semaphore {
  let free = places;
  const waiting = new Set<() => void>();
  return {
    acquire: (signal) => {
      if (signal?.aborted === true) return Promise.resolve('ended');
      if (free > 0) {
        free--;
        return Promise.resolve('held');
      }
      return new Promise((resolve) => {
        const finish = (how: 'held' | 'ended'): void => {
          waiting.delete(enter);
          signal?.removeEventListener('abort', end);
          resolve(how);
        };
        const enter = (): void => finish('held');
        const end = (): void => finish('ended');
        waiting.add(enter);
        signal?.addEventListener('abort', end, { once: true });
      });
    },
    release: () => {
      const [next] = waiting;
      if (next === undefined) free++;
      else next();
    },
  };
}
