const secondNs = 1_000_000_000n;

/** Nanoseconds since the epoch of an RFC 3339 time with up to nine decimals; null where it is none. */
export function parseTimeNs(text: string | null | undefined): bigint | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(
    text ?? '',
  );
  if (match === null) return null;
  const seconds = Date.parse(`${match[1]}${match[3]}`) / 1000;
  if (!Number.isInteger(seconds)) return null;
  return BigInt(seconds) * secondNs + BigInt((match[2] ?? '').padEnd(9, '0'));
}

/** The RFC 3339 time, in UTC, of nanoseconds since the epoch, cut to so many decimals. */
export function formatTimeNs(unixNs: bigint, decimals: number): string {
  const nanos = ((unixNs % secondNs) + secondNs) % secondNs;
  const whole = new Date(Number((unixNs - nanos) / secondNs) * 1000).toISOString().slice(0, 19);
  const fraction = String(nanos).padStart(9, '0').slice(0, decimals);
  return `${whole}${fraction === '' ? '' : '.'}${fraction}Z`;
}
