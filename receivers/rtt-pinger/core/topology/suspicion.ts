export interface SuspicionRules {
  /** Probes that a loss brings about, one a round. */
  readonly confirmations: number;
  /** Pairs under suspicion at a time; a loss beyond is counted as any other. */
  readonly most: number;
  /** Probes a round for all of them together. */
  readonly perRound: number;
}

/** What became of the probes of one pair since the loss that made it suspect. */
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
  readonly round: () => readonly Key[];
  /** Pairs whose probes were lost for the greater part, after all confirmations. */
  readonly convicted: () => readonly Suspect<Key>[];
}

interface Case<Key> {
  readonly key: Key;
  sent: number;
  lost: number;
  asked: number;
}

export function createSuspicion<Key>(rules: SuspicionRules): Suspicion<Key> {
  const cases = new Map<Key, Case<Key>>();

  function settle({ key, sent, lost }: Case<Key>): void {
    // Most answered: a single loss has many causes.
    if (sent > rules.confirmations && lost * 2 <= sent) cases.delete(key);
  }

  return {
    note: (key, lost) => {
      const known = cases.get(key);
      if (known === undefined) {
        if (lost && cases.size < rules.most) cases.set(key, { key, sent: 1, lost: 1, asked: 0 });
        return;
      }
      known.sent++;
      if (lost) known.lost++;
      settle(known);
    },
    round: () => {
      // Who was asked least goes first.
      const chosen = [...cases.values()]
        .toSorted((a, b) => a.asked - b.asked)
        .slice(0, rules.perRound);
      for (const each of chosen) each.asked++;
      return chosen.map(({ key }) => key);
    },
    convicted: () =>
      [...cases.values()]
        .filter(({ sent, lost }) => sent > rules.confirmations && lost * 2 > sent)
        .map(({ key, sent, lost }) => ({ key, sent, lost })),
  };
}
