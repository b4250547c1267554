/** The 25 bounds of the network prober's histogram: from 10 us on, each twice the one before. */
export const seedBounds: readonly number[] = Array.from(
  { length: 25 },
  (_, index) => 1e-5 * 2 ** index,
);

/** Counts below each bound, the last one above all, and their sum in seconds. */
export interface SeedHistogram {
  readonly counts: Uint32Array;
  sum: number;
}

export function createSeedHistogram(): SeedHistogram {
  return { counts: new Uint32Array(seedBounds.length + 1), sum: 0 };
}

export function addToSeedHistogram(histogram: SeedHistogram, seconds: number): void {
  const found = seedBounds.findIndex((bound) => seconds <= bound);
  const index = found < 0 ? seedBounds.length : found;
  histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
  histogram.sum += seconds;
}
