export interface PlanRules {
  /** Members that each probes in every round: as many probe each member. */
  readonly steady: number;
  /** Members beside these that each probes once a round; they change until all had their turn. */
  readonly sweep: number;
}

/** Whom the member at `from` of a ring of `size` probes in a round, as places of the ring. */
export interface RoundPlan {
  readonly steady: readonly number[];
  readonly sweep: readonly number[];
}

/**
 * Steps around the ring that all members take alike, so each member is probed by exactly as many as it probes. The steady steps
 * spread geometrically and evenly over the remainders by the number of zones, which the order of the ring turns into a quota
 * for each pair of zones; they make the graph connected even when many members are gone.
 */
export function steadySteps(size: number, zones: number, steady: number): readonly number[] {
  const wanted = Math.min(steady, size - 1);
  const steps = new Set<number>();
  for (let index = 0; steps.size < wanted; index++) {
    const far = Math.floor((size - 1) ** ((index % wanted) / wanted));
    steps.add(freeStep(steps, { far, remainder: index % zones, zones, size }));
  }
  return [...steps];
}

interface StepWish {
  readonly far: number;
  readonly remainder: number;
  readonly zones: number;
  readonly size: number;
}

/** The next free step from `far` on with the remainder; where there is none, any that is free. */
function freeStep(taken: ReadonlySet<number>, { far, remainder, zones, size }: StepWish): number {
  const last = size - 1;
  const aligned = far - (far % zones) + remainder;
  for (let tried = 0; tried * zones <= last; tried++) {
    const step = (aligned + tried * zones) % (last - (last % zones) + zones);
    if (step >= 1 && step <= last && !taken.has(step)) return step;
  }
  for (let step = 1; ; step++) if (!taken.has(step)) return step;
}

/** Rounds until every member has probed every other. */
export function roundsToAll(size: number, { sweep }: PlanRules): number {
  return Math.ceil((size - 1) / sweep);
}

/** Steps of the sweep in a round: consecutive ones, so that the last round ends where the first began. */
function sweepSteps(size: number, { sweep }: PlanRules, round: number): readonly number[] {
  const first = (round % roundsToAll(size, { steady: 0, sweep })) * sweep;
  const many = Math.max(0, Math.min(sweep, size - 1 - first));
  return Array.from({ length: many }, (_, index) => first + index + 1);
}

export function planRound(
  from: number,
  ring: { readonly size: number; readonly zones: number },
  { rules, round }: { readonly rules: PlanRules; readonly round: number },
): RoundPlan {
  const { size, zones } = ring;
  if (size < 2) return { steady: [], sweep: [] };
  const place = (step: number): number => (from + step) % size;
  const steady = steadySteps(size, zones, rules.steady);
  const known = new Set(steady);
  return {
    steady: steady.map(place),
    sweep: sweepSteps(size, rules, round)
      .filter((step) => !known.has(step))
      .map(place),
  };
}
