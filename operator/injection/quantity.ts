/** Powers of ten and of two that follow a number. */
const suffixes: Readonly<Record<string, { readonly base: 10n | 2n; readonly power: number }>> = {
  n: { base: 10n, power: -9 },
  u: { base: 10n, power: -6 },
  m: { base: 10n, power: -3 },
  '': { base: 10n, power: 0 },
  k: { base: 10n, power: 3 },
  M: { base: 10n, power: 6 },
  G: { base: 10n, power: 9 },
  T: { base: 10n, power: 12 },
  P: { base: 10n, power: 15 },
  E: { base: 10n, power: 18 },
  Ki: { base: 2n, power: 10 },
  Mi: { base: 2n, power: 20 },
  Gi: { base: 2n, power: 30 },
  Ti: { base: 2n, power: 40 },
  Pi: { base: 2n, power: 50 },
  Ei: { base: 2n, power: 60 },
};

/** Kubernetes keeps amounts to this many digits behind the point. */
const digits = 9;

/** An amount such as `100m`, `1.5Gi` or `1e3` in billionths; undefined: it is none. */
export function billionths(amount: string | number): bigint | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|([a-zA-Z]{0,2}))$/.exec(
    String(amount),
  );
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = found;
  const scale = exponent === undefined ? suffixes[suffix] : { base: 10n, power: Number(exponent) };
  if (scale === undefined || whole + fraction === '') return undefined;
  const { base, power } = scale;
  const shift = (base === 10n ? power : 0) + digits - fraction.length;
  const binary = base === 2n ? 2n ** BigInt(power) : 1n;
  const mantissa = BigInt(whole + fraction) * binary;
  // What is smaller than a billionth is rounded up.
  const value =
    shift >= 0
      ? mantissa * 10n ** BigInt(shift)
      : (mantissa + 10n ** BigInt(-shift) - 1n) / 10n ** BigInt(-shift);
  return sign === '-' ? -value : value;
}
