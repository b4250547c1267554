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

/** Few that begin together are probed for the first time within so long, however long the interval is. */
const firstWithinMs = 1000;
/** Of more, 20 in a second. */
const firstApartMs = 50;

/** Targets that begin together spread over a whole interval; in a long one a few are probed once sooner, before they do. */
export function firstBeat(
  { intervalMs, random }: Rhythm,
  nowMs: number,
  together = Number.POSITIVE_INFINITY,
): Beat {
  const withinMs = Math.min(intervalMs, Math.max(firstWithinMs, together * firstApartMs));
  const dueMs = nowMs + random() * withinMs;
  if (withinMs === intervalMs) return { middleMs: dueMs, dueMs };
  return { middleMs: nowMs + (random() - 1) * intervalMs, dueMs };
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
