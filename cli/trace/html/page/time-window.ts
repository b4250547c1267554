/** The part of a trace that is looked at, in nanoseconds since its begin. Never empty, never beyond the trace. */
export interface TimeWindow {
  readonly fromNs: number;
  readonly toNs: number;
}

const shortestNs = 10;

export function wholeTrace(lengthNs: number): TimeWindow {
  return { fromNs: 0, toNs: Math.max(1, lengthNs) };
}

export function isWhole(window: TimeWindow, lengthNs: number): boolean {
  return window.fromNs <= 0 && window.toNs >= wholeTrace(lengthNs).toNs;
}

/** The window between two moments, in either order, cut and widened to what can be shown. */
export function windowBetween(aNs: number, bNs: number, lengthNs: number): TimeWindow {
  const whole = wholeTrace(lengthNs);
  const lasting = Math.min(whole.toNs, Math.max(shortestNs, Math.abs(bNs - aNs)));
  const fromNs = Math.min(Math.max(0, Math.min(aNs, bNs)), whole.toNs - lasting);
  return { fromNs, toNs: Math.min(whole.toNs, fromNs + lasting) };
}

/** Makes the window `factor` times as long; the moment `aroundNs` keeps its place. */
export function zoom(
  { fromNs, toNs }: TimeWindow,
  factor: number,
  aroundNs: number,
  lengthNs: number,
): TimeWindow {
  const lasting = (toNs - fromNs) * factor;
  if (lasting >= wholeTrace(lengthNs).toNs) return wholeTrace(lengthNs);
  const kept = Math.max(lasting, Math.min(shortestNs, toNs - fromNs)) / (toNs - fromNs);
  return windowBetween(
    aroundNs - (aroundNs - fromNs) * kept,
    aroundNs + (toNs - aroundNs) * kept,
    lengthNs,
  );
}

/** Moves the window by a share of its own length. */
export function pan({ fromNs, toNs }: TimeWindow, share: number, lengthNs: number): TimeWindow {
  const by = (toNs - fromNs) * share;
  return windowBetween(fromNs + by, toNs + by, lengthNs);
}

/** Where a moment lies: 0 at the window's begin, 1 at its end. */
export function fractionOf({ fromNs, toNs }: TimeWindow, atNs: number): number {
  return (atNs - fromNs) / (toNs - fromNs);
}

/** The moment at a fraction of the window. */
export function momentAt({ fromNs, toNs }: TimeWindow, fraction: number): number {
  return fromNs + (toNs - fromNs) * fraction;
}
