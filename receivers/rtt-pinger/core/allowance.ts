/** So many in a row, and so many a second in the long run. */
export interface AllowanceRules {
  readonly burst: number;
  readonly perSecond: number;
}

/** Says whether one more is allowed at a time by the monotonic clock, in milliseconds. */
export type Allowance = (nowMs: number) => boolean;

export function createAllowance({ burst, perSecond }: AllowanceRules): Allowance {
  let left = burst;
  let lastMs: number | undefined;
  return (nowMs) => {
    left = Math.min(burst, left + ((nowMs - (lastMs ?? nowMs)) / 1000) * perSecond);
    lastMs = nowMs;
    if (left < 1) return false;
    left--;
    return true;
  };
}
