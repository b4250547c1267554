/** When something happened, and how we know. */
export interface Moment {
  readonly atMs: number;
  /** `watch`: when we heard of it; `status`: what the pod's status says, cut to a whole second. */
  readonly source: 'watch' | 'status';
  /** The true time is this much before or after, at most. */
  readonly uncertaintyMs: number;
}

/** Heard of later than this after the second it is said to have happened in, we were not listening when it did. */
const promptMs = 1000;

/**
 * The better of two clocks: of the status, exact to a second, and of our hearing of it, exact to the watch's
 * delay while the watch is open.
 */
export function momentOf(statusMs: number, heardMs: number): Moment {
  const lateMs = heardMs - statusMs;
  if (lateMs >= 0 && lateMs < 1000 + promptMs)
    return { atMs: heardMs, source: 'watch', uncertaintyMs: Math.min(lateMs, 1000) };
  return { atMs: statusMs, source: 'status', uncertaintyMs: 1000 };
}
