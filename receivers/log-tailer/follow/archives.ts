import { type ArchiveEnd, readArchive } from './archive.ts';
import type { FollowCounts } from './counts.ts';
import { closeFile } from './file.ts';
import type { TailedLog } from './log.ts';
import type { Lines } from './line-buffer.ts';

/** A compressed file. */
export interface ArchiveJob {
  readonly path: string;
  /** Device and inode. */
  readonly file: string;
  /** Closed when it is done. */
  readonly fd: number;
  /** What it may be, the likeliest first. */
  readonly logs: readonly TailedLog[];
  /** Where it is none of them; undefined: it is not to be read then. */
  readonly newLog: () => TailedLog | undefined;
  /** It was read, or given up. */
  readonly onDone: () => void;
}

export interface ArchivesOptions {
  readonly chunkBytes: number;
  readonly counts: FollowCounts;
  readonly signal: AbortSignal;
  readonly handOn: (log: TailedLog, offset: number, bytes: Buffer) => Promise<void>;
  /** It turned out to be this log. */
  readonly onFound: (job: ArchiveJob, log: TailedLog) => void;
  readonly onEnd: (job: ArchiveJob, log: TailedLog, end: ArchiveEnd) => void;
}

/** Reads compressed files, one at a time. */
export interface Archives {
  readonly read: (job: ArchiveJob) => void;
  readonly settled: () => Promise<void>;
}

export function createArchives(options: ArchivesOptions): Archives {
  const { chunkBytes, counts, signal } = options;
  let last: Promise<void> = Promise.resolve();
  let buffer: Buffer | undefined;

  async function run(job: ArchiveJob): Promise<void> {
    try {
      let longer: TailedLog | undefined;
      for (const log of job.logs) {
        const how = await readAs(job, log);
        if (how === 'read' || signal.aborted) return;
        if (how === 'shorter') longer ??= log;
      }
      if (signal.aborted) return;
      if (longer !== undefined) return settleShorter(job, longer);
      const log = job.newLog();
      if (log !== undefined) await readAs(job, log);
    } finally {
      job.onDone();
      await closeFile(job.fd);
    }
  }

  /** A copy that lacks what was written after it, before the log was truncated. */
  function settleShorter(job: ArchiveJob, log: TailedLog): void {
    counts.copies++;
    options.onFound(job, log);
    options.onEnd(job, log, { kind: 'shorter' });
  }

  async function readAs(
    job: ArchiveJob,
    log: TailedLog,
  ): Promise<'read' | 'another log' | 'shorter'> {
    let found = false;
    const find = (): void => {
      if (!found) options.onFound(job, log);
      found = true;
    };
    const end = await readArchive({
      fd: job.fd,
      from: { offset: log.offset, anchor: log.anchor },
      buffer: (buffer ??= Buffer.allocUnsafeSlow(chunkBytes)),
      onLines: async (lines) => {
        find();
        await handOn(log, lines);
        return !signal.aborted;
      },
    });
    if (end.kind === 'another log' || end.kind === 'shorter') return end.kind;
    find();
    options.onEnd(job, log, end);
    return 'read';
  }

  async function handOn(log: TailedLog, { offset, bytes, end, piece }: Lines): Promise<void> {
    log.offset = end.offset;
    log.anchor = end.anchor;
    if (piece && !log.withinLine) counts.longLines++;
    log.withinLine = piece;
    await options.handOn(log, offset, bytes);
  }

  return {
    read: (job) => {
      last = last.then(() => run(job));
    },
    settled: () => last,
  };
}
