/** The pairs that deserve series of their own where not all can have them. */
export interface Spotlight {
  /** Takes an outlier of a pair. Times are of the monotonic clock. */
  readonly note: (key: string, nowMs: number) => void;
  /** Those at fault, and then those with outliers, longest known first. */
  readonly shown: (
    convicted: ReadonlySet<string>,
    most: number,
    nowMs: number,
  ) => ReadonlySet<string>;
}

interface Noted {
  outliers: number;
  lastMs: number;
}

/** One outlier has many causes. */
const outliersNeeded = 3;
/** A pair without a further outlier is shown for so long. */
const keptMs = 5 * 60_000;
const mostNoted = 256;

export function createSpotlight(): Spotlight {
  const noted = new Map<string, Noted>();

  function forget(nowMs: number): void {
    for (const [key, { lastMs }] of noted) if (nowMs - lastMs > keptMs) noted.delete(key);
  }

  return {
    note: (key, nowMs) => {
      const known = noted.get(key);
      if (known !== undefined) {
        known.outliers++;
        known.lastMs = nowMs;
        return;
      }
      if (noted.size >= mostNoted) forget(nowMs);
      if (noted.size < mostNoted) noted.set(key, { outliers: 1, lastMs: nowMs });
    },
    shown: (convicted, most, nowMs) => {
      forget(nowMs);
      const outlying = [...noted].filter(([, { outliers }]) => outliers >= outliersNeeded);
      return new Set([...convicted, ...outlying.map(([key]) => key)].slice(0, most));
    },
  };
}
