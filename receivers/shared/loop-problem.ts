/** A loop has stopped turning when it did not for so long. */
const stuckMs = 10_000;

/** What is wrong with a loop, for who asks after its health; undefined: it turns. */
export function loopProblem(sinceTurnMs: number): string | undefined {
  return sinceTurnMs > stuckMs
    ? `no turn of the loop for ${Math.round(sinceTurnMs)} ms`
    : undefined;
}
