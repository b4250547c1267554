/** Things ordered by when they are due: a binary heap. */
export interface DueQueue<T> {
  readonly add: (dueMs: number, item: T) => void;
  /** When the first is due; infinite for none. */
  readonly nextMs: () => number;
  /** Takes the first out, if it is due by then. */
  readonly take: (nowMs: number) => Due<T> | undefined;
  readonly size: () => number;
}

export interface Due<T> {
  readonly dueMs: number;
  readonly item: T;
}

export function createDueQueue<T>(): DueQueue<T> {
  const heap: Due<T>[] = [];

  function swap(a: number, b: number): void {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  }

  const dueAt = (index: number): number => heap[index]?.dueMs ?? Number.POSITIVE_INFINITY;

  function rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (dueAt(parent) <= dueAt(at)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const least = dueAt(left + 1) < dueAt(left) ? left + 1 : left;
      if (dueAt(least) >= dueAt(at)) return;
      swap(at, least);
      at = least;
    }
  }

  return {
    add: (dueMs, item) => rise(heap.push({ dueMs, item }) - 1),
    nextMs: () => dueAt(0),
    take: (nowMs) => {
      const [first] = heap;
      if (first === undefined || first.dueMs > nowMs) return undefined;
      const last = heap.pop();
      if (last !== undefined && last !== first) {
        heap[0] = last;
        sink();
      }
      return first;
    },
    size: () => heap.length,
  };
}
