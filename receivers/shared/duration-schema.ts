import * as z from 'zod';

import { parseDuration } from './duration.ts';

/** A duration as a person writes it, in milliseconds. */
export function durationMs(leastMs: number, mostMs: number) {
  return z.string().transform((text, context) => {
    const parsed = parseDuration(text);
    const problem =
      parsed.kind === 'invalid'
        ? parsed.problem
        : parsed.ms < leastMs || parsed.ms > mostMs
          ? `expected a duration from ${leastMs} ms to ${mostMs} ms, got '${text}'`
          : undefined;
    if (problem !== undefined) context.addIssue(problem);
    return parsed.kind === 'ok' ? parsed.ms : z.NEVER;
  });
}
