import type { Log } from '../receivers/shared/log.ts';

/** A log whose entries are lines for a waiting user; what only helps to find faults is left out. */
export function progressLog(progress: (line: string) => void): Log {
  return {
    debug: () => undefined,
    info: (_fields, message) => progress(message),
    warn: (fields, message) => progress(`warning: ${message}${details(fields)}`),
    error: (fields, message) => progress(`error: ${message}${details(fields)}`),
  };
}

function details(fields: object): string {
  const texts = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`;
}
