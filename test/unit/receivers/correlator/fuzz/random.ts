/** Random numbers from a seed, in [0, 1). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A whole number from 0 to below. */
export const whole = (random: Random, below: number): number => Math.floor(random() * below);

/** One of the items, of which there must be one. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[whole(random, items.length)] as T;
}
