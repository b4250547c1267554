/** Probes of the current and of the previous stretch of time, so that a loss is told for one to two stretches. */
export interface LossWindow {
  sent: number;
  lost: number;
  sentBefore: number;
  lostBefore: number;
}

export function createWindow(): LossWindow {
  return { sent: 0, lost: 0, sentBefore: 0, lostBefore: 0 };
}

/** Begins a new stretch. */
export function rotate(window: LossWindow): void {
  window.sentBefore = window.sent;
  window.lostBefore = window.lost;
  window.sent = 0;
  window.lost = 0;
}

/** Share lost; undefined where nothing was sent. */
export function lossOf({ sent, lost, sentBefore, lostBefore }: LossWindow): number | undefined {
  return sent + sentBefore === 0 ? undefined : (lost + lostBefore) / (sent + sentBefore);
}

/** Ways of a pair whose losses are told apart. */
export type Direction = 'out' | 'back';

/** What a responder saw beside what was sent to it and what came back. */
export interface Seen {
  readonly sentSoFar: number;
  readonly responderSaw: number;
}

/**
 * Between two answered probes: what never reached the responder, and what it answered in vain. A responder that began anew
 * in between, or answers that overtook each other, tell nothing.
 */
export function lostByDirection(before: Seen, now: Seen): Readonly<Record<Direction, number>> {
  const sent = now.sentSoFar - before.sentSoFar;
  const seen = now.responderSaw - before.responderSaw;
  if (sent <= 0 || seen <= 0 || seen > sent) return { out: 0, back: 0 };
  return { out: sent - seen, back: seen - 1 };
}
