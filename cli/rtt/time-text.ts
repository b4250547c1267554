import { humanDuration } from '../terminal/duration.ts';

/** A round trip for people, in the unit that fits it alone. */
export function timeText(seconds: number | null, micro = 'µ'): string {
  return seconds === null ? '-' : humanDuration(BigInt(Math.round(seconds * 1e9)), micro);
}
