/** So many units a second, with a stock that a burst may use up. */
export interface Allowance {
  /** How long until there are so many, 0: there are. More than the stock holds is there when the stock is full. */
  readonly waitMs: (units: number, nowMs: number) => number;
  /** Takes them; may leave a debt, which is paid before anything else. */
  readonly take: (units: number, nowMs: number) => void;
}

export interface AllowanceOptions {
  readonly perSecond: number;
  readonly stock: number;
}

/** Begins with a full stock. Times are those of the monotonic clock. */
export function createAllowance({ perSecond, stock }: AllowanceOptions): Allowance {
  let left = stock;
  let atMs: number | undefined;

  function refill(nowMs: number): void {
    left = Math.min(stock, left + (Math.max(0, nowMs - (atMs ?? nowMs)) / 1000) * perSecond);
    atMs = nowMs;
  }

  return {
    waitMs: (units, nowMs) => {
      refill(nowMs);
      const missing = Math.min(units, stock) - left;
      // What is left of rounding is no time to wait for.
      return missing <= 1e-9 ? 0 : Math.ceil((missing / perSecond) * 1000);
    },
    take: (units, nowMs) => {
      refill(nowMs);
      left -= units;
    },
  };
}
