export type ParsedDuration =
  | { readonly kind: 'ok'; readonly ms: number }
  | { readonly kind: 'invalid'; readonly problem: string };

/** Milliseconds in one of each unit that a duration may be written with. */
const unitMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

const longestMs = 365 * 24 * 3_600_000;

/**
 * Reads a human duration such as `250ms`, `5s`, `1.5s` or `1h30m` into milliseconds.
 * A bare number is refused: its unit would be a guess. Zero is accepted; the caller decides.
 */
export function parseDuration(text: string): ParsedDuration {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/gy)];
  const length = parts.reduce((sum, part) => sum + part[0].length, 0);
  if (parts.length === 0 || length !== text.length) {
    return {
      kind: 'invalid',
      problem: `expected a duration such as 500ms, 5s or 1m30s, got '${text}'`,
    };
  }
  const exactMs = parts.reduce(
    (sum, part) => sum + Number(part[1]) * (unitMs.get(part[2] ?? '') ?? 0),
    0,
  );
  const ms = Math.round(exactMs * 1000) / 1000;
  if (ms > longestMs) {
    return { kind: 'invalid', problem: `expected a duration of at most a year, got '${text}'` };
  }
  return { kind: 'ok', ms };
}

/** Writes milliseconds as the shortest text that parseDuration reads back to the same value. */
export function formatDuration(ms: number): string {
  if (ms % 3_600_000 === 0 && ms > 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000}m`;
  if (ms >= 1000) return `${ms / 1000}s`;
  return `${ms}ms`;
}
