import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../receivers/shared/duration.ts';

/** Option parser for a duration such as `15s`; gives milliseconds. */
export function durationMs(text: string): number {
  const parsed = parseDuration(text);
  if (parsed.kind === 'invalid') {
    throw new InvalidArgumentError(parsed.problem);
  }
  return parsed.ms;
}

/** Option parser for a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(
        `expected a whole number from ${least} to ${most}, got '${text}'`,
      );
    }
    return value;
  };
}

/** Option parser for an http or https address. */
export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InvalidArgumentError(
      `expected an address starting with http:// or https://, got '${text}'`,
    );
  }
  return url;
}
