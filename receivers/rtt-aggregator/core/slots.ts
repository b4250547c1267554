import { stretchMs } from '../../shared/mesh/tally-limits.ts';

/** Verdicts look at so much of the past, where pingers probe often enough. */
const leastWindowMs = 60_000;
/** In the window each pair is probed so many times, at least. */
const intervals = 3;
/** Pingers take no longer one. */
const longestIntervalMs = 3_600_000;
const slotsInWindow = leastWindowMs / stretchMs;

/** How the past is counted: a window of 12 slots, each of one stretch or, where pingers probe seldom, of several. */
export interface Slots {
  readonly intervalMs: number;
  readonly windowMs: number;
  /** The slot that a stretch is in. */
  readonly of: (stretch: number) => number;
  /** The oldest slot that lies in the window, or in as many milliseconds as are given. */
  readonly oldest: (nowMs: number, lastMs?: number) => number;
  /** How long what came is current: so long, or as many intervals as a window has. */
  readonly freshMs: (leastMs: number) => number;
}

/** For pingers that probe each pair once in so many milliseconds. */
export function slotsFor(givenMs: number): Slots {
  const intervalMs = Math.min(givenMs, longestIntervalMs);
  const stretches = Math.max(1, Math.ceil((intervals * intervalMs) / leastWindowMs));
  const slotMs = stretches * stretchMs;
  const windowMs = slotsInWindow * slotMs;
  return {
    intervalMs,
    windowMs,
    of: (stretch) => Math.floor(stretch / stretches),
    oldest: (nowMs, lastMs = windowMs) => Math.floor(nowMs / slotMs) - Math.ceil(lastMs / slotMs),
    freshMs: (leastMs) => Math.max(leastMs, intervals * intervalMs),
  };
}

/** What half of the pingers keep to: one that is set otherwise does not rule the others. */
export function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
