import { followLogs } from '../../../../../receivers/log-tailer/follow/follow-logs.ts';
import type { FollowCounts } from '../../../../../receivers/log-tailer/follow/counts.ts';
import type { FollowOptions } from '../../../../../receivers/log-tailer/follow/options.ts';
import { noLog } from './no-log.ts';

/** A follower that keeps what it hands on. */
export interface TestFollower {
  /** All bytes so far, in the order in which they came. */
  readonly bytes: () => Buffer;
  /** Lines so far, without their newlines. */
  readonly lines: () => string[];
  /** What it warned of. */
  readonly warned: readonly string[];
  readonly counts: Readonly<FollowCounts>;
  readonly stop: () => Promise<void>;
}

export async function startFollower(options: Partial<FollowOptions>): Promise<TestFollower> {
  const stop = new AbortController();
  const pieces: Buffer[] = [];
  const warned: string[] = [];
  const following = followLogs({
    globs: [],
    signal: stop.signal,
    log: { ...noLog, warn: (_fields, message) => void warned.push(message) },
    onChunk: ({ bytes }) => void pieces.push(Buffer.from(bytes)),
    ...options,
  });
  await following.ready;
  return {
    bytes: () => Buffer.concat(pieces),
    lines: () => Buffer.concat(pieces).toString().split('\n').slice(0, -1),
    warned,
    counts: following.counts,
    stop: async () => {
      stop.abort();
      await following.ended;
    },
  };
}
