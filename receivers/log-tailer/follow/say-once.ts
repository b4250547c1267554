import type { Log } from '../../shared/log.ts';

/** Warns of each thing once; of so many things at most. */
export type SayOnce = (key: string, fields: object, message: string) => void;

const mostThings = 1000;

export function createSayOnce(log: Log): SayOnce {
  const said = new Set<string>();
  return (key, fields, message) => {
    if (said.has(key) || said.size === mostThings) return;
    said.add(key);
    log.warn(fields, message);
  };
}
