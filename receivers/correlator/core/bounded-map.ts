/** A map that forgets what was added longest ago when it would hold more than `limit` entries. */
export interface BoundedMap<Value> {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
}

export function createBoundedMap<Value>(limit: number): BoundedMap<Value> {
  const map = new Map<string, Value>();
  // A ring beside the map: to find a Map's first key, V8 walks over all that were deleted before it.
  const ring: string[] = [];
  let next = 0;
  return {
    get: (key) => map.get(key),
    set: (key, value) => {
      if (!map.has(key)) {
        const oldest = ring[next];
        if (oldest !== undefined) map.delete(oldest);
        ring[next] = key;
        next = (next + 1) % limit;
      }
      map.set(key, value);
    },
  };
}
