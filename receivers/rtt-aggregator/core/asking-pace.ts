/** How many pingers are to be asked now, so that each is once an interval. */
export interface AskingPace {
  /** Of so many in all, by the Unix clock. */
  readonly due: (nowMs: number, all: number) => number;
  /** One of those that were due was asked, or could not be. */
  readonly asked: () => void;
}

/** The share of an interval within which all are asked, if they answer fast enough. */
const askedWithin = 0.5;

/** By then answers have come, too, of those who answer soon. */
const answeredWithin = 0.6;

/** How long to wait for the next look at what all have answered, if one was just made or none ever was. */
export function untilLookMs(nowMs: number, intervalMs: number): number {
  const sinceBeginMs = nowMs - Math.floor(nowMs / intervalMs) * intervalMs;
  const waitMs = answeredWithin * intervalMs - sinceBeginMs;
  // A timer may come a little early: then it is the look of this interval already.
  return waitMs > intervalMs / 10 ? waitMs : waitMs + intervalMs;
}

/**
 * Intervals begin at multiples of their length on the Unix clock, as stretches of the pingers end: what has just come to its end
 * is had within half an interval.
 */
export function createAskingPace(intervalMs: number): AskingPace {
  let interval = Number.NaN;
  let asked = 0;
  return {
    due: (nowMs, all) => {
      const now = Math.floor(nowMs / intervalMs);
      if (now !== interval) [interval, asked] = [now, 0];
      const share = Math.min(1, (nowMs / intervalMs - now) / askedWithin);
      return Math.max(0, Math.ceil(share * all) - asked);
    },
    asked: () => void asked++,
  };
}
