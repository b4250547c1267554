/** Does what concerns one thing one after the other. */
export type InTurn = <T>(thing: string, work: () => Promise<T>) => Promise<T>;

export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (thing, work) => {
    const before = last.get(thing) ?? Promise.resolve();
    const mine = before.then(work);
    const done = mine.catch(() => undefined);
    last.set(thing, done);
    try {
      return await mine;
    } finally {
      if (last.get(thing) === done) last.delete(thing);
    }
  };
}
