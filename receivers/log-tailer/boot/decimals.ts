const secondNs = 1_000_000_000n;

/** Decimals of a second that mean something at this precision: 0 for a whole second, 6 for a microsecond. */
export function decimalsOf(precisionNs: number): number {
  const decimals = Math.ceil(-Math.log10(precisionNs / 1e9) - 1e-9);
  return Math.min(9, Math.max(0, decimals));
}

/** Seconds with so many decimals, rounded half to even: `-0.250`. */
export function secondsText(ns: bigint, decimals: number): string {
  const unit = 10n ** BigInt(9 - decimals);
  const size = ns < 0n ? -ns : ns;
  const [whole, rest] = [size / unit, (size % unit) * 2n];
  const rounded = rest > unit || (rest === unit && whole % 2n === 1n) ? whole + 1n : whole;
  const digits = String(rounded).padStart(decimals + 1, '0');
  const sign = ns < 0n && rounded > 0n ? '-' : '';
  if (decimals === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Seconds as a number, to be told by whatever knows no integers of this size. */
export function secondsOf(ns: bigint): number {
  return Number(ns / secondNs) + Number(ns % secondNs) / 1e9;
}
