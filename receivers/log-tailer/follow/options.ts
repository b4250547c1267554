import type { Log } from '../../shared/log.ts';
import type { Chunk } from '../core/chunk.ts';

export interface FollowOptions {
  readonly globs: readonly string[];
  /**
   * Takes one chunk at a time, in the order of each log; its bytes are good until it returns, or its promise is settled.
   * While that is pending, nothing more is handed on. Where it throws, following ends.
   */
  readonly onChunk: (chunk: Chunk) => void | Promise<void>;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** The file of the checkpoints; its directory is made. Undefined: none are kept. */
  readonly checkpoints?: string | undefined;
  /** Where logs are read from that are there at the start and have no checkpoint. Default `beginning`. */
  readonly startAt?: 'beginning' | 'end';
  /** Bytes handed on at once; longer lines come in pieces. Default 262,144; at least 4,096. */
  readonly chunkBytes?: number;
  /** Default 4,096. */
  readonly maxOpen?: number;
  /** Default 20,000. */
  readonly maxLogs?: number;
  /** `polling` where the file system tells of no changes, such as NFS. Default `inotify`. */
  readonly watch?: 'inotify' | 'polling';
  readonly times?: Partial<FollowTimes>;
}

export interface FollowTimes {
  /** A log that was renamed or deleted is closed when nothing came for so long. Default 5,000. */
  readonly graceMs: number;
  /** Every directory is listed once in this time. Default 60,000. */
  readonly sweepMs: number;
  /** Directories that cannot be watched are asked once in this time. Default 1,000. */
  readonly pollMs: number;
  /** Checkpoints are saved so long after they moved. Default 5,000. */
  readonly saveMs: number;
  /** A file that may be a copy, and is too short to say, is a log of its own after this time. Default 5,000. */
  readonly unclearMs: number;
  /** A compressed file is read when nothing was written to it for so long. Default 1,000. */
  readonly writtenMs: number;
  /** A log that is gone is forgotten after this time. Default 3,600,000. */
  readonly forgetMs: number;
}

export const defaultTimes: FollowTimes = {
  graceMs: 5000,
  sweepMs: 60_000,
  pollMs: 1000,
  saveMs: 5000,
  unclearMs: 5000,
  writtenMs: 1000,
  forgetMs: 3_600_000,
};
