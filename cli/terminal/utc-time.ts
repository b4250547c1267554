/** A moment for people: `2026-11-21 09:37:09.843 UTC`. */
export function utcTime(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime())
    ? `${unixMs} ms since 1970`
    : date.toISOString().replace('T', ' ').replace('Z', ' UTC');
}
