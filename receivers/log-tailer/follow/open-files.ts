import type { FollowCounts } from './counts.ts';
import { closeFile } from './file.ts';
import type { TailedLog } from './log.ts';

/** The open files of the logs, in the order in which they were last read. */
export interface OpenFiles {
  /** The log is read from this file from now on. */
  readonly hold: (log: TailedLog, fd: number) => void;
  /** Something was read. */
  readonly touch: (log: TailedLog) => void;
  /** Closes the file of a log that is not being read. */
  readonly drop: (log: TailedLog) => void;
  /** Another log goes on in the file of this one. */
  readonly pass: (from: TailedLog, to: TailedLog) => void;
  /** Closes so many of those that were quiet longest. */
  readonly dropQuietest: (files: number) => void;
  readonly dropAll: () => void;
}

export function createOpenFiles(maxOpen: number, counts: FollowCounts): OpenFiles {
  const open = new Set<TailedLog>();

  function drop(log: TailedLog): void {
    if (log.fd === undefined) return;
    const { fd } = log;
    forget(log);
    // Nothing was written through it, so nothing can be lost by what it answers.
    closeFile(fd).catch(() => undefined);
  }

  function forget(log: TailedLog): void {
    log.fd = undefined;
    open.delete(log);
    counts.filesOpen = open.size;
    counts.lagBytes -= log.lagBytes;
    log.lagBytes = 0;
    log.hot = false;
  }

  function hold(log: TailedLog, fd: number): void {
    log.fd = fd;
    open.add(log);
    counts.filesOpen = open.size;
    if (open.size > maxOpen) dropQuietest(open.size - maxOpen);
  }

  function dropQuietest(files: number): void {
    let left = files;
    for (const log of open) {
      if (left === 0) return;
      if (log.reading) continue;
      drop(log);
      left--;
    }
  }

  return {
    hold,
    drop,
    dropQuietest,
    touch: (log) => {
      if (open.delete(log)) open.add(log);
    },
    pass: (from, to) => {
      const { fd } = from;
      forget(from);
      if (fd !== undefined) hold(to, fd);
    },
    dropAll: () => [...open].forEach(drop),
  };
}
