/** A map that forgets what was set longest ago when it holds more than `limit` entries. */
export interface BoundedMap<Value> {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
  readonly size: () => number;
}

export function createBoundedMap<Value>(limit: number): BoundedMap<Value> {
  const map = new Map<string, Value>();
  return {
    get: (key) => map.get(key),
    set: (key, value) => {
      map.delete(key);
      map.set(key, value);
      if (map.size <= limit) return;
      const [oldest] = map.keys();
      if (oldest !== undefined) map.delete(oldest);
    },
    size: () => map.size,
  };
}
