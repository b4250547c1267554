import type { Wanted } from '../target.ts';
import { planRound, type PlanRules } from './plan.ts';
import { ringOf } from './ring.ts';
import { createSuspicion, type SuspicionRules } from './suspicion.ts';

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
  const others = [...byName].map(([name, target]) => ({ name, zone: target.peer.zone, target }));
  const ring = ringOf([...others, { ...self, target: undefined }]);
  const from = ring.findIndex(({ name }) => name === self.name);
  const zones = new Set(ring.map(({ zone }) => zone)).size;
  const byKey = new Map(others.map(({ target }) => [target.key, target]));
  const suspicion = createSuspicion<Wanted>(rules.suspicion);
  const at = (places: readonly number[]): readonly Wanted[] =>
    places.flatMap((place) => ring[place]?.target ?? []);
  return {
    round: (number) => {
      const shape = { size: ring.length, zones };
      const { steady, sweep } = planRound(from, shape, { rules: rules.plan, round: number });
      return {
        steady: at(steady),
        once: [...at(sweep), ...suspicion.round()],
        convicted: new Set(suspicion.convicted().map(({ key: { key } }) => key)),
      };
    },
    note: ({ key }, lost) => {
      const planned = byKey.get(key);
      if (planned !== undefined) suspicion.note(planned, lost);
    },
  };
}

/** The node that a target is or is on: the same name at every member. */
function memberName({ peer }: Wanted): string {
  return peer.node === '' ? peer.name : peer.node;
}
