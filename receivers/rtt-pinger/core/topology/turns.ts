/** Has the items of a list take turns, list by list. */
export interface Turns {
  /** The next items of the list of a name, at most so many and none twice. */
  readonly next: <Item>(name: string, items: readonly Item[], most: number) => readonly Item[];
  /** Forgets the lists of other names. */
  readonly retain: (names: ReadonlySet<string>) => void;
}

export function createTurns(): Turns {
  const places = new Map<string, number>();
  return {
    next: (name, items, most) => {
      if (items.length <= most) return items;
      const first = (places.get(name) ?? 0) % items.length;
      places.set(name, (first + most) % items.length);
      return [...items, ...items].slice(first, first + most);
    },
    retain: (names) => {
      for (const name of places.keys()) if (!names.has(name)) places.delete(name);
    },
  };
}
