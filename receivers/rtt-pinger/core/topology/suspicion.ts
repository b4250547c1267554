export interface SuspicionRules {
  /** Probes that a loss brings about, one a round. */
  readonly confirmations: number;
  /** Pairs under suspicion at a time. */
  readonly most: number;
}

/** A loss brings about so many more probes of its pair, and 20 pairs are under suspicion at a time. */
export const suspicionRules: SuspicionRules = { confirmations: 5, most: 20 };

/** A pair that is convicted is probed again this often, so that its end is seen. */
const restMs = 10_000;

/** The same in rounds. */
export function restRoundsOf(roundMs: number): number {
  return Math.max(1, Math.round(restMs / roundMs));
}

/** What a round may spend on suspicion. */
export interface RoundRules {
  /** Probes for all pairs together. */
  readonly perRound: number;
  /** A pair that is convicted is probed again once in so many rounds. Default 1. */
  readonly restRounds?: number;
}

/** What became of the last probes of one pair, as many as its loss and the confirmations. */
export interface Suspect<Key> {
  readonly key: Key;
  readonly sent: number;
  readonly lost: number;
}

/** Raises the probing of pairs that lost a probe, until it is clear whether the link is at fault. */
export interface Suspicion<Key> {
  /** Takes what became of any probe. */
  readonly note: (key: Key, lost: boolean) => void;
  /** Whom to probe once more in this round. */
  readonly round: (rules: RoundRules) => readonly Key[];
  /** Pairs of whose last probes the greater part was lost, after all confirmations. */
  readonly convicted: () => readonly Suspect<Key>[];
  /** Forgets those that are not there any more. */
  readonly retain: (isThere: (key: Key) => boolean) => void;
}

interface Case<Key> {
  readonly key: Key;
  /** What became of the last probes, oldest first: true is lost. */
  readonly last: boolean[];
  asked: number;
  askedRound: number;
  notedRound: number;
  /** Undefined: not convicted. */
  convictedRound: number | undefined;
}

/** A case of which nothing was heard for so many rounds is closed. */
const expiryRounds = 60;

export function createSuspicion<Key>(rules: SuspicionRules): Suspicion<Key> {
  const judged = rules.confirmations + 1;
  const cases = new Map<Key, Case<Key>>();
  let round = 0;

  /** Where all places are taken the oldest conviction makes room: it is known, and opens again with the next loss. */
  function open(key: Key): void {
    if (cases.size >= rules.most) {
      const oldest = [...cases.values()]
        .filter(({ convictedRound }) => convictedRound !== undefined)
        .toSorted((a, b) => (a.convictedRound ?? 0) - (b.convictedRound ?? 0))[0];
      if (oldest === undefined) return;
      cases.delete(oldest.key);
    }
    const begun = { asked: 0, askedRound: round, notedRound: round, convictedRound: undefined };
    cases.set(key, { key, last: [true], ...begun });
  }

  function settle(settled: Case<Key>): void {
    if (settled.last.length < judged) return;
    // Most answered: a single loss has many causes.
    if (lostOf(settled) * 2 <= judged) cases.delete(settled.key);
    else settled.convictedRound ??= round;
  }

  function expire(): void {
    for (const [key, { notedRound }] of cases)
      if (round - notedRound > expiryRounds) cases.delete(key);
  }

  function isDue({ asked, askedRound, convictedRound }: Case<Key>, restRounds: number): boolean {
    if (convictedRound === undefined) return asked < rules.confirmations;
    return round - askedRound >= restRounds;
  }

  return {
    note: (key, lost) => {
      const known = cases.get(key);
      if (known === undefined) {
        if (lost) open(key);
        return;
      }
      known.notedRound = round;
      known.last.push(lost);
      if (known.last.length > judged) known.last.shift();
      settle(known);
    },
    round: ({ perRound, restRounds = 1 }) => {
      round++;
      expire();
      // Who was asked least goes first, then who waits longest.
      const chosen = [...cases.values()]
        .filter((each) => isDue(each, restRounds))
        .toSorted((a, b) => a.asked - b.asked || a.askedRound - b.askedRound)
        .slice(0, perRound);
      for (const each of chosen) {
        each.asked = Math.min(each.asked + 1, rules.confirmations);
        each.askedRound = round;
      }
      return chosen.map(({ key }) => key);
    },
    convicted: () =>
      [...cases.values()]
        .filter(({ convictedRound }) => convictedRound !== undefined)
        .map((each) => ({ key: each.key, sent: each.last.length, lost: lostOf(each) })),
    retain: (isThere) => {
      for (const key of cases.keys()) if (!isThere(key)) cases.delete(key);
    },
  };
}

function lostOf({ last }: { readonly last: readonly boolean[] }): number {
  return last.filter(Boolean).length;
}
