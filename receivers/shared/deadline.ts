/** A signal that ends at a time, and the clean-up that must follow: exactly one clear() per deadline. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** True when time ran out, false while it runs or when the outer signal ended it. */
  readonly expired: () => boolean;
  readonly clear: () => void;
}

/** Starts a deadline of timeoutMs that also ends when the outer signal does. */
export function startDeadline(timeoutMs: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  const follow = (): void => controller.abort();
  if (outer?.aborted === true) controller.abort();
  outer?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    expired: () => timedOut,
    clear: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', follow);
    },
  };
}

/**
 * Starts a deadline of timeoutMs that shrinks to graceMs once (or if already) the outer signal has
 * ended: work that must still be done when a run is to stop, but not at leisure.
 */
export function startGrace(timeoutMs: number, outer: AbortSignal, graceMs: number): Deadline {
  const deadline = startDeadline(timeoutMs);
  const hurry = new AbortController();
  let graceTimer: NodeJS.Timeout | undefined;
  const shrink = (): void => {
    graceTimer = setTimeout(() => hurry.abort(), graceMs);
  };
  deadline.signal.addEventListener('abort', () => hurry.abort(), { once: true });
  if (outer.aborted) shrink();
  else outer.addEventListener('abort', shrink, { once: true });
  return {
    signal: hurry.signal,
    expired: deadline.expired,
    clear: () => {
      deadline.clear();
      clearTimeout(graceTimer);
      outer.removeEventListener('abort', shrink);
    },
  };
}

/** Waits; returns early, without an error, when the signal ends. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

export type Within<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'timeout' };

/** Waits for work no longer than ms; the work itself is not stopped, and a rejection passes through. */
export async function within<T>(work: Promise<T>, ms: number): Promise<Within<T>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Within<T>>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timeout' }), ms);
  });
  try {
    return await Promise.race([
      work.then((value): Within<T> => ({ kind: 'done', value })),
      timeout,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when the signal ends, at once where it has. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
