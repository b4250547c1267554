/** Nanoseconds in one of each unit. */
const unitNs: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/**
 * Reads a duration as Go writes it, such as `10s`, `1m30s`, `+1.5h` or `.5s`, into nanoseconds. Undefined: it is none, it is
 * negative, or it is longer than a year.
 */
export function parseGoDuration(text: string): bigint | undefined {
  const rest = text.startsWith('+') ? text.slice(1) : text;
  const parts = [...rest.matchAll(part)];
  const length = parts.reduce((sum, [whole]) => sum + whole.length, 0);
  if (parts.length === 0 || length !== rest.length) return undefined;
  const ns = parts.reduce((sum, [, value, unit = '']) => sum + Number(value) * unitNs[unit]!, 0);
  return ns <= longestNs ? BigInt(Math.floor(ns)) : undefined;
}

const longestNs = 365 * 24 * 3600e9;
