import type { Verdict } from '../../shared/mesh/matrix-report.ts';
import { judge } from './judge.ts';
import type { MeshBook } from './mesh-book.ts';
import { createVerdicts, type VerdictChange } from './verdicts.ts';

/** Evidence beyond chance that a verdict needs; docs/rtt-mesh.md has what it lets through. */
const evidence = 12;

/** Who is held to be at fault, look by look. */
export interface Judging {
  /** To be called once an interval: forgets what is too old, looks for culprits, and tells what changed by it. */
  readonly look: (nowMs: number) => readonly VerdictChange[];
  readonly standing: () => readonly Verdict[];
}

/** `usualLoss`: share of probes that is lost where nothing is at fault, at most. */
export function createJudging(book: MeshBook, usualLoss: number): Judging {
  const verdicts = createVerdicts();
  return {
    look: (nowMs) => {
      book.sweep(nowMs);
      return verdicts.look(judge(book, nowMs, { usualLoss, evidence }), nowMs);
    },
    standing: verdicts.standing,
  };
}
