export interface Rhythm {
  readonly intervalMs: number;
  /** Share of the interval by which a probe may leave earlier or later. */
  readonly jitter: number;
  /** Gives [0, 1). */
  readonly random: () => number;
}

/** The beat of one target: the middle of where its next probe may lie, and where it lies. */
export interface Beat {
  readonly middleMs: number;
  readonly dueMs: number;
}

/** Targets that begin together spread over a whole interval. */
export function firstBeat({ intervalMs, random }: Rhythm, nowMs: number): Beat {
  const dueMs = nowMs + random() * intervalMs;
  return { middleMs: dueMs, dueMs };
}

/** Beats that have passed by are left out: a process that was held up does not send them all at once. */
export function nextBeat(rhythm: Rhythm, middleMs: number, nowMs: number): Beat {
  const { intervalMs, jitter, random } = rhythm;
  const missed = Math.max(0, Math.floor((nowMs - middleMs) / intervalMs));
  const next = middleMs + (missed + 1) * intervalMs;
  return { middleMs: next, dueMs: next + (random() * 2 - 1) * jitter * intervalMs };
}

const shortestTurnMs = 1;
const longestTurnMs = 50;
const probesATurn = 64;
const turnsAnInterval = 8;

/** Time between two turns: rare enough to send and read in batches, often enough to keep these small. */
export function turnMs(intervalMs: number, targets: number): number {
  const batch = (probesATurn / Math.max(targets, 1)) * intervalMs;
  const ms = Math.floor(Math.min(batch, intervalMs / turnsAnInterval));
  return Math.min(longestTurnMs, Math.max(shortestTurnMs, ms));
}
