import type { Verdict } from '../../shared/mesh/matrix-report.ts';
import { findingKey, type Finding } from './finding.ts';

/** A verdict is there when so many looks in a row named its culprit: one alone may be chance. */
export const looksToAppear = 2;
/** It goes when so many looks in a row did not: losses leave the last 60 s one by one. */
export const looksToClear = 3;

export interface VerdictChange {
  readonly kind: 'appeared' | 'cleared';
  readonly verdict: Verdict;
}

/** What stands of what the looks found. */
export interface Verdicts {
  /** Takes what one look found, and tells what changed by it. */
  readonly look: (findings: readonly Finding[], nowMs: number) => readonly VerdictChange[];
  readonly standing: () => readonly Verdict[];
}

interface Case {
  finding: Finding;
  stands: boolean;
  /** Looks in a row that agree with each other and not with what stands. */
  against: number;
  readonly sinceMs: number;
}

export function createVerdicts(): Verdicts {
  const cases = new Map<string, Case>();

  function name(finding: Finding, nowMs: number): readonly VerdictChange[] {
    const key = findingKey(finding);
    const known = cases.get(key) ?? { finding, stands: false, against: 0, sinceMs: nowMs };
    cases.set(key, known);
    known.finding = finding;
    if (known.stands) {
      known.against = 0;
      return [];
    }
    known.against++;
    if (known.against < looksToAppear) return [];
    known.stands = true;
    known.against = 0;
    return [{ kind: 'appeared', verdict: verdictOf(known) }];
  }

  function pass(key: string, passed: Case): readonly VerdictChange[] {
    passed.against = passed.stands ? passed.against + 1 : 0;
    if (passed.stands && passed.against < looksToClear) return [];
    cases.delete(key);
    return passed.stands ? [{ kind: 'cleared', verdict: verdictOf(passed) }] : [];
  }

  return {
    look: (findings, nowMs) => {
      const found = new Set(findings.map(findingKey));
      const cleared = [...cases].flatMap(([key, each]) => (found.has(key) ? [] : pass(key, each)));
      return [...cleared, ...findings.flatMap((finding) => name(finding, nowMs))];
    },
    standing: () => [...cases.values()].filter(({ stands }) => stands).map(verdictOf),
  };
}

function verdictOf({ finding, sinceMs }: Case): Verdict {
  return { ...finding, sinceMs };
}
