import { humanDuration } from '../../../terminal/duration.ts';
import { printable } from '../../../terminal/text.ts';

/** A length of time for people. */
export function lastingText(ns: number): string {
  return humanDuration(BigInt(Math.round(ns)));
}

/** A moment for people, in UTC and microseconds: `2026-11-21 09:37:09.843217 UTC`. */
export function utcText(unixNs: bigint): string {
  const milliseconds = new Date(Number(unixNs / 1_000_000n));
  if (Number.isNaN(milliseconds.getTime())) return `${unixNs} ns since 1970`;
  const micros = String((unixNs / 1000n) % 1000n).padStart(3, '0');
  return milliseconds.toISOString().replace('T', ' ').replace('Z', `${micros} UTC`);
}

/** What part of the whole a length of time is; empty where that says nothing. */
export function shareText(ns: number, wholeNs: number): string {
  if (wholeNs <= 0 || ns <= 0) return '';
  const percent = (ns / wholeNs) * 100;
  return percent < 0.1 ? '< 0.1 %' : `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

/** Text from outside with its line breaks, without control characters or marks that turn the direction of writing. */
export function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => printable(line.replaceAll('\t', '  ')))
    .join('\n');
}
