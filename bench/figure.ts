/** Middle, least and greatest of several measurements of one thing, all in the figure's unit. */
export interface Measured {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

export interface Figure {
  readonly figure: string;
  /** UCUM unit: `ms`, `By`, `{request}`, `1`. */
  readonly unit: string;
  readonly ours: Measured;
  readonly peers: Readonly<Record<string, Measured>>;
  /** What `ours` must satisfy: a bound on its median, or the product's claim in words where none is set. */
  readonly goal: { readonly atMost: number } | { readonly atLeast: number } | null;
}

export interface Benchmark {
  readonly name: string;
  /** How a reader runs it again: machine, versions, what is held equal. */
  readonly conditions: readonly string[];
  readonly figures: readonly Figure[];
}

/** Throws on no values: a figure that was not measured is not a figure. */
export function measured(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || min === undefined || max === undefined)
    throw new Error('nothing was measured');
  return { median: (low + high) / 2, min, max, runs: sorted.length };
}

/** Whether the median meets the goal; null where there is none. */
export function holds({ ours, goal }: Figure): boolean | null {
  if (goal === null) return null;
  return 'atMost' in goal ? ours.median <= goal.atMost : ours.median >= goal.atLeast;
}
