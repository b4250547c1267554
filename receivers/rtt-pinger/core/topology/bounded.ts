import type { Wanted } from '../target.ts';
import { planRound, type PlanRules } from './plan.ts';
import { ringOf } from './ring.ts';
import { createSuspicion, type Suspicion, type SuspicionRules } from './suspicion.ts';

export interface BoundedRules {
  readonly plan: PlanRules;
  readonly suspicion: SuspicionRules;
}

/** Whom to probe in a round. */
export interface Round {
  /** Every round, until the members change. */
  readonly steady: readonly Wanted[];
  /** In this round alone. */
  readonly once: readonly Wanted[];
  /** Keys of the pairs that are at fault, as far as probes of them tell. */
  readonly convicted: ReadonlySet<string>;
}

/** Which of many targets are probed when, so that all members together cover all pairs evenly. */
export interface BoundedMesh {
  readonly round: (number: number) => Round;
  readonly note: (target: Wanted, lost: boolean) => void;
}

/**
 * A mesh of targets of one protocol by the name that each has in it, oneself among them. All members number their rounds alike, by
 * the wall clock, and need no other agreement.
 */
export function createBoundedMesh(
  targets: readonly Wanted[],
  self: { readonly name: string; readonly zone: string },
  rules: BoundedRules,
): BoundedMesh {
  const byName = new Map(targets.map((target) => [memberName(target), target]));
  byName.delete(self.name);
  const others = [...byName].map(([name, { peer }]) => ({ name, zone: peer.zone }));
  const ring = ringOf([...others, self]);
  const from = ring.findIndex(({ name }) => name === self.name);
  const zones = new Set(ring.map(({ zone }) => zone)).size;
  const byKey = new Map(targets.map((target) => [target.key, target]));
  const suspicion: Suspicion<string> = createSuspicion(rules.suspicion);
  const at = (places: readonly number[]): readonly Wanted[] =>
    places.flatMap((place) => byName.get(ring[place]?.name ?? '') ?? []);
  return {
    round: (number) => {
      const shape = { size: ring.length, zones };
      const { steady, sweep } = planRound(from, shape, { rules: rules.plan, round: number });
      const suspects = suspicion.round().flatMap((key) => byKey.get(key) ?? []);
      return {
        steady: at(steady),
        once: [...at(sweep), ...suspects],
        convicted: new Set(suspicion.convicted().map(({ key }) => key)),
      };
    },
    note: ({ key }, lost) => {
      if (byKey.has(key)) suspicion.note(key, lost);
    },
  };
}

/** The node that a target is or is on: the same name at every member. */
function memberName({ peer }: Wanted): string {
  return peer.node === '' ? peer.name : peer.node;
}
