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
  readonly session: number;
  readonly sentSoFar: number;
  readonly responderSaw: number;
}

/** What one more answer tells of the losses of each way. */
export interface SeenMore {
  /** What the next answer is to be compared with. */
  readonly seen: Seen;
  readonly sent: number;
  /** Negative for what was held to be lost and has come after all. */
  readonly lost: Readonly<Record<Direction, number>>;
}

const nothingLost = { out: 0, back: 0 };

/**
 * Between two answers: what never reached the responder, and what it answered in vain. A new session, and a responder that began
 * anew in between, tell nothing. An answer that was overtaken takes back what was held against it.
 */
export function seeMore(before: Seen | undefined, now: Seen): SeenMore {
  if (before?.session !== now.session) return { seen: now, sent: 1, lost: nothingLost };
  const sent = now.sentSoFar - before.sentSoFar;
  const saw = now.responderSaw - before.responderSaw;
  if (sent < 0) {
    const seen = { ...before, responderSaw: Math.max(before.responderSaw, now.responderSaw) };
    return { seen, sent: 0, lost: saw > 0 ? { out: -1, back: 0 } : { out: 0, back: -1 } };
  }
  const told = saw > 0 && saw <= sent;
  return { seen: now, sent, lost: told ? { out: sent - saw, back: saw - 1 } : nothingLost };
}
