/** Things ordered by when they are due: a binary heap, its times in an array of plain numbers. */
export interface DueQueue<T> {
  readonly add: (dueMs: number, item: T) => void;
  /** When the first is due; infinite for none. */
  readonly nextMs: () => number;
  /** Takes the first out, if it is due by then. */
  readonly take: (nowMs: number) => T | undefined;
  readonly size: () => number;
}

const roomAtFirst = 64;

export function createDueQueue<T>(): DueQueue<T> {
  const items: T[] = [];
  let times = new Float64Array(roomAtFirst);

  const dueAt = (index: number): number =>
    index < items.length ? (times[index] ?? 0) : Number.POSITIVE_INFINITY;

  function put(index: number, dueMs: number, item: T): void {
    items[index] = item;
    times[index] = dueMs;
  }

  function rise(from: number, dueMs: number, item: T): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (dueAt(parent) <= dueMs) break;
      put(at, dueAt(parent), items[parent] as T);
      at = parent;
    }
    put(at, dueMs, item);
  }

  function sink(dueMs: number, item: T): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const least = dueAt(left + 1) < dueAt(left) ? left + 1 : left;
      if (dueAt(least) >= dueMs) break;
      put(at, dueAt(least), items[least] as T);
      at = least;
    }
    put(at, dueMs, item);
  }

  return {
    add: (dueMs, item) => {
      if (items.length === times.length) {
        const grown = new Float64Array(times.length * 2);
        grown.set(times);
        times = grown;
      }
      items.push(item);
      rise(items.length - 1, dueMs, item);
    },
    nextMs: () => dueAt(0),
    take: (nowMs) => {
      if (dueAt(0) > nowMs) return undefined;
      const first = items[0];
      const lastDueMs = dueAt(items.length - 1);
      const last = items.pop();
      if (items.length > 0 && last !== undefined) sink(lastDueMs, last);
      return first;
    },
    size: () => items.length,
  };
}
