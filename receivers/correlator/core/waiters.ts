import type { Trace } from './trace.ts';

/** Who waits for what: open traces by the keys of what would let them be decided. */
export interface Waiters {
  readonly wait: (trace: Trace, keys: readonly string[]) => void;
  /** Those that wait for any of the keys. */
  readonly woken: (keys: readonly string[]) => Trace[];
  readonly leave: (trace: Trace) => void;
}

export function createWaiters(): Waiters {
  const byKey = new Map<string, Set<Trace>>();
  const keysOf = new Map<Trace, Set<string>>();

  return {
    wait: (trace, keys) => {
      const mine = keysOf.get(trace) ?? new Set();
      keysOf.set(trace, mine);
      for (const key of keys) {
        mine.add(key);
        const traces = byKey.get(key);
        if (traces === undefined) byKey.set(key, new Set([trace]));
        else traces.add(trace);
      }
    },
    woken: (keys) => keys.flatMap((key) => [...(byKey.get(key) ?? [])]),
    leave: (trace) => {
      for (const key of keysOf.get(trace) ?? []) {
        const traces = byKey.get(key);
        traces?.delete(trace);
        if (traces?.size === 0) byKey.delete(key);
      }
      keysOf.delete(trace);
    },
  };
}
