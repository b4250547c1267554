import { fstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileKey } from './file.ts';
import type { TailedLog } from './log.ts';
import type { Names } from './names.ts';
import { plainPath } from './rotated-name.ts';

export interface SweepOptions {
  readonly names: Names;
  readonly wake: (log: TailedLog) => void;
}

/** Compares what is known with what is there, for what no watch told. */
export interface Sweep {
  /** These are the paths that a directory has. */
  readonly listed: (folder: string, paths: readonly string[]) => Promise<void>;
  /** Whether one of the logs with a name there, or among the links, grew since it was last asked; undefined: too many. */
  readonly lookAt: (folder: string, links: Iterable<ReadonlySet<string>>) => boolean | undefined;
}

const mostAsked = 32;
/** A file's time is that of the last tick of the kernel's clock, so a change this long ago may have a successor with the same. */
const clockTickMs = 20;

export function createSweep({ names, wake }: SweepOptions): Sweep {
  function logAt(path: string): TailedLog | undefined {
    const named = names.get(path);
    return named?.kind === 'log' ? named.log : undefined;
  }

  async function check(path: string): Promise<void> {
    const log = logAt(path);
    if (log === undefined) return names.examine(path);
    try {
      const { dev, ino, size, mtimeMs } = await stat(path, { bigint: true });
      if (fileKey(dev, ino) !== log.file) return await names.examine(path);
      const written = wasWritten(log, Number(mtimeMs));
      if (!log.gzip && (written || Number(size) !== log.offset)) wake(log);
    } catch {
      // Whatever is wrong with it, opening it says.
      await names.examine(path);
    }
  }

  return {
    listed: async (folder, paths) => {
      const there = new Set(paths);
      for (const path of names.within(folder)) if (!there.has(path)) await names.examine(path);
      // What others may be copies of comes first.
      const plain = paths.filter((path) => plainPath(path) === path);
      for (const path of new Set([...plain, ...paths])) await check(path);
    },
    lookAt: (folder, links) => {
      const logs = new Set<TailedLog>();
      for (const paths of [names.within(folder), ...links])
        for (const path of paths) {
          const log = logAt(path);
          if (log?.fd !== undefined) logs.add(log);
          if (logs.size > mostAsked) return undefined;
        }
      let grew = false;
      for (const log of logs) {
        const { size, mtimeMs } = fstatSync(log.fd ?? -1);
        if (wasWritten(log, mtimeMs) || size !== log.offset + log.lagBytes) wake(log);
        if (size !== log.askedBytes) grew = true;
        log.askedBytes = size;
      }
      return grew;
    },
  };
}

/** It may have been truncated, and be as long as before by now. */
function wasWritten(log: TailedLog, mtimeMs: number): boolean {
  const atMs = Math.floor(mtimeMs);
  const written = atMs !== log.askedMs || Date.now() - atMs < clockTickMs;
  log.askedMs = atMs;
  return written;
}
