import { dirname } from 'node:path';
import type { TailedLog } from './log.ts';
import { parseRotatedName } from './rotated-name.ts';

export interface EndingsOptions {
  readonly graceMs: number;
  readonly nowMs: () => number;
  readonly wake: (log: TailedLog) => void;
}

/** Watches over logs that nobody is to write to any more, until nothing came for a while. */
export interface Endings {
  /** Its names changed. */
  readonly check: (log: TailedLog) => void;
  readonly forget: (log: TailedLog) => void;
  /** To be called several times a second while there are any. */
  readonly tick: () => void;
  readonly any: () => boolean;
}

export function createEndings({ graceMs, nowMs, wake }: EndingsOptions): Endings {
  const retired = new Set<TailedLog>();
  return {
    check: (log) => {
      if (!isRetired(log)) {
        retired.delete(log);
        log.ending = false;
      } else if (!retired.has(log)) {
        retired.add(log);
        log.activeMs = nowMs();
      }
    },
    forget: (log) => {
      retired.delete(log);
    },
    tick: () => {
      for (const log of retired) {
        if (nowMs() - log.activeMs > graceMs) log.ending = true;
        // Of a file without a name of the globs no watch tells.
        if (log.ending || log.names.size === 0) wake(log);
      }
    },
    any: () => retired.size > 0,
  };
}

/** It has no name any more, or only such as a rotation gives. */
function isRetired(log: TailedLog): boolean {
  for (const name of log.names)
    if (!parseRotatedName(name.slice(dirname(name).length + 1)).rotated) return false;
  return true;
}
