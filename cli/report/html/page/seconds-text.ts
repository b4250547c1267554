import { humanDuration } from '../../../terminal/duration.ts';

/** `1.23 s`, `45.6 ms` */
export function secondsText(seconds: number): string {
  return humanDuration(BigInt(Math.round(seconds * 1e9)));
}
