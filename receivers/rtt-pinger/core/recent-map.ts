/** A map that keeps what was set most recently. */
export interface RecentMap<Value> {
  readonly get: (key: string) => Value | undefined;
  /** Makes it the most recent one; gives what has to go for it, where there are too many. */
  readonly set: (key: string, value: Value) => Value | undefined;
  readonly delete: (key: string) => void;
  readonly entries: () => Iterable<readonly [string, Value]>;
}

/** Of so many entries at most. */
export function createRecentMap<Value>(most: number): RecentMap<Value> {
  const kept = new Map<string, Value>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      kept.delete(key);
      kept.set(key, value);
      if (kept.size <= most) return undefined;
      for (const [oldest, gone] of kept) {
        kept.delete(oldest);
        return gone;
      }
      return undefined;
    },
    delete: (key) => void kept.delete(key),
    entries: () => kept.entries(),
  };
}
