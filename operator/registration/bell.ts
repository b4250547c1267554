/** Tells somebody that there is something to look at. */
export interface Bell {
  readonly ring: () => void;
  /** Resolves at once where it has rung since the last time, else when it rings or the signal ends. */
  readonly heard: (signal: AbortSignal) => Promise<void>;
}

export function createBell(): Bell {
  let rung = Promise.withResolvers<void>();
  return {
    ring: () => rung.resolve(),
    heard: async (signal) => {
      const end = (): void => rung.resolve();
      if (signal.aborted) end();
      signal.addEventListener('abort', end, { once: true });
      await rung.promise;
      signal.removeEventListener('abort', end);
      rung = Promise.withResolvers<void>();
    },
  };
}
