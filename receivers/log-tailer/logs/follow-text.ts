import { messageOf } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { Chunk } from '../core/chunk.ts';
import type { SourceReport } from '../core/source-report.ts';
import type { FollowCounts } from '../follow/counts.ts';
import { followLogs } from '../follow/follow-logs.ts';
import type { FollowedPart } from './followed-part.ts';

export interface FollowTextOptions {
  /** Name of the source. */
  readonly source: string;
  readonly globs: readonly string[];
  /** File of the checkpoints; undefined: none are kept. */
  readonly checkpoints: string | undefined;
  readonly onChunk: (chunk: Chunk) => void;
  /** A chunk was taken in; `lasting` says that its log need not be read again up to there. */
  readonly onTook: (key: string, lasting: () => void) => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface FollowedText extends FollowedPart {
  readonly counts: Readonly<FollowCounts>;
}

/** Follows the logs of one source. Throws a ConfigError for a glob that is none. */
export function followText(options: FollowTextOptions): FollowedText {
  const { source, globs, checkpoints, onChunk, onTook, log, signal } = options;
  let isReady = false;
  let broken: string | undefined;
  const following = followLogs({
    globs,
    checkpoints,
    signal,
    log,
    onChunk: (chunk) => {
      onChunk(chunk);
      const end = chunk.offset + chunk.bytes.length;
      onTook(`${source} ${chunk.log}`, () => following.acknowledge(chunk.log, end));
    },
  });
  following.ready.then(
    () => (isReady = true),
    (caught: unknown) => (broken = messageOf(caught)),
  );
  const { counts } = following;

  function report(): SourceReport {
    if (broken !== undefined) return { source, problem: broken };
    if (!isReady) return { source, problem: 'its logs were not looked for yet', pending: true };
    if (counts.logsKnown > 0) return { source };
    const unreadable = counts.unreadable > 0 ? ', or none that can be read' : '';
    return { source, problem: `no file matches ${globs.join(', ')}${unreadable}` };
  }

  return {
    counts,
    report,
    problem: () => broken,
    ended: following.ended.catch((caught: unknown) => {
      broken = messageOf(caught);
    }),
    save: following.save,
  };
}
