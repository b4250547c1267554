/** A loss is told for one to two stretches of so long, or of so many rounds where these are longer. */
export const leastStretchMs = 15_000;
const rounds = 3;

/** Whether a stretch that began so long ago is over. A timer may come a little early. */
export function isStretchOver(sinceMs: number, roundMs: number): boolean {
  return sinceMs >= Math.max(leastStretchMs, rounds * roundMs) - leastStretchMs / 2;
}
