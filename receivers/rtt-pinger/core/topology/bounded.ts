import type { Wanted } from '../target.ts';
import type { Membership, PlanMember } from './members.ts';
import { planRound, roundsToAll, type PlanRules } from './plan.ts';
import { ringOf } from './ring.ts';
import { createSuspicion, type SuspicionRules } from './suspicion.ts';
import { createTurns } from './turns.ts';

export interface BoundedRules {
  readonly plan: PlanRules;
  /** Probes a round for pairs under suspicion, which what is on the own node takes part in. */
  readonly suspects: number;
  /** A pair that is convicted is probed again once in so many rounds. */
  readonly restRounds: number;
}

/** Which of many targets are probed when, so that all members together cover all pairs of members evenly. */
export interface BoundedMesh {
  /** Takes the members as they are now. What is known of those that stay is kept. */
  readonly follow: (membership: Membership, rules: BoundedRules) => void;
  /** Whom to probe in every round, until the members change. */
  readonly steady: () => readonly Wanted[];
  /** Whom to probe besides in a round, which is not to be asked for twice. */
  readonly round: (number: number) => readonly Wanted[];
  readonly note: (target: Wanted, lost: boolean) => void;
  /** Keys of the pairs that are at fault, as far as probes of them tell. */
  readonly convicted: () => ReadonlySet<string>;
  /** Rounds within which every target had its turn. */
  readonly roundsToAll: () => number;
}

/** The members as they were last followed. */
interface Followed {
  readonly rules: BoundedRules;
  readonly ring: readonly PlanMember[];
  /** The place of oneself. */
  readonly from: number;
  readonly own: readonly Wanted[];
  readonly byKey: ReadonlyMap<string, Wanted>;
  /** Targets of one member that are probed in a round: more than one where there are few members. */
  readonly turns: number;
  readonly steady: readonly Wanted[];
  /** Members that are to be probed in every round, by their targets in turn. */
  readonly steadyTurns: readonly PlanMember[];
  readonly sweepOf: (number: number) => readonly PlanMember[];
}

/** All members number their rounds alike, by the wall clock, and need no other agreement. */
export function createBoundedMesh(suspicionRules: SuspicionRules): BoundedMesh {
  const suspicion = createSuspicion<string>(suspicionRules);
  const turns = createTurns();
  let followed: Followed | undefined;

  /** What a round has for the targets on the own node, of a share that rounds take turns to round up and down. */
  function ownShare({ rules, ring, own }: Followed, number: number): number {
    if (own.length === 0) return 0;
    const half = Math.max(
      Math.floor((rules.suspects + (number % 2)) / 2),
      rules.suspects === 0 ? 1 : 0,
    );
    // Alone, there is nobody else to probe.
    return ring.length > 1 ? half : half + rules.plan.steady + rules.plan.sweep;
  }

  function suspectsAndOwn(of: Followed, number: number): readonly Wanted[] {
    const { rules, own, byKey } = of;
    const share = Math.min(own.length, ownShare(of, number));
    const asked = suspicion.round({
      perRound: Math.max(0, rules.suspects - share),
      restRounds: rules.restRounds,
    });
    const suspects = asked.flatMap((key) => byKey.get(key) ?? []);
    const left = Math.max(share, rules.suspects - suspects.length);
    return [...suspects, ...turns.next(of.ring[of.from]?.name ?? '', own, left)];
  }

  return {
    follow: ({ members, self }, rules) => {
      followed = followedOf(members, self, rules);
      const { byKey } = followed;
      suspicion.retain((key) => byKey.has(key));
      turns.retain(new Set(members.map(({ name }) => name)));
    },
    steady: () => followed?.steady ?? [],
    round: (number) => {
      if (followed === undefined) return [];
      const { steadyTurns, sweepOf, turns: most } = followed;
      const once = [...steadyTurns, ...sweepOf(number)].flatMap(({ name, targets }) =>
        turns.next(name, targets, most),
      );
      return [...once, ...suspectsAndOwn(followed, number)];
    },
    convicted: () => new Set(suspicion.convicted().map(({ key }) => key)),
    note: ({ key }, lost) => {
      if (followed?.byKey.has(key) === true) suspicion.note(key, lost);
    },
    roundsToAll: () => {
      if (followed === undefined) return 1;
      const { ring, rules, turns: perMember, own, from } = followed;
      const most = ring.reduce(
        (longest, { targets }, place) =>
          place === from ? longest : Math.max(longest, Math.ceil(targets.length / perMember)),
        0,
      );
      const ofOthers = ring.length < 2 ? 0 : roundsToAll(ring.length, rules.plan) * most;
      const twoRounds = ownShare(followed, 0) + ownShare(followed, 1);
      const ofOwn = own.length === 0 ? 0 : Math.ceil((2 * own.length) / twoRounds);
      return Math.max(1, ofOthers, ofOwn);
    },
  };
}

function followedOf(members: readonly PlanMember[], self: string, rules: BoundedRules): Followed {
  const ring = ringOf(members);
  const from = ring.findIndex(({ name }) => name === self);
  const shape = { size: ring.length, zones: new Set(ring.map(({ zone }) => zone)).size };
  const round = (number: number) => planRound(from, shape, { rules: rules.plan, round: number });
  const at = (places: readonly number[]): readonly PlanMember[] =>
    places.flatMap((place) => ring[place] ?? []);
  const { steady, sweep } = rules.plan;
  const turns = Math.max(1, Math.floor((steady + sweep) / Math.max(1, ring.length - 1)));
  const always = at(round(0).steady);
  return {
    rules,
    ring,
    from,
    own: ring[from]?.targets ?? [],
    byKey: new Map(
      members.flatMap(({ targets }) => targets.map((target) => [target.key, target] as const)),
    ),
    turns,
    steady: always.flatMap(({ targets }) => (targets.length <= turns ? targets : [])),
    steadyTurns: always.filter(({ targets }) => targets.length > turns),
    sweepOf: (number) => at(round(number).sweep),
  };
}
