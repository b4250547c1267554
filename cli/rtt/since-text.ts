const minuteS = 60;
const hourS = 60 * minuteS;
const dayS = 24 * hourS;

/** How long something has lasted, for people: `40 s`, `12 min`, `3 h`, `2 days`. */
export function sinceText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 2 * minuteS) return `${seconds} s`;
  if (seconds < 2 * hourS) return `${Math.floor(seconds / minuteS)} min`;
  if (seconds < 2 * dayS) return `${Math.floor(seconds / hourS)} h`;
  return `${Math.floor(seconds / dayS)} days`;
}
