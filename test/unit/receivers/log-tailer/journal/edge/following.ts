import {
  noCounts,
  type JournalCounts,
} from '../../../../../../receivers/log-tailer/journal/counts.ts';
import {
  followJournal,
  type FollowOptions,
} from '../../../../../../receivers/log-tailer/journal/edge/follow-journal.ts';
import type { ShelfOptions } from '../../../../../../receivers/log-tailer/journal/edge/shelf.ts';
import { textOf } from '../../../../../../receivers/log-tailer/journal/entry.ts';
import { defaultLimits } from '../../../../../../receivers/log-tailer/journal/limits.ts';
import type { Position } from '../../../../../../receivers/log-tailer/journal/position.ts';

export const reading = (paths: readonly string[], counts = noCounts()): ShelfOptions => ({
  paths,
  withUsers: false,
  start: { kind: 'all' },
  fields: [],
  limits: defaultLimits,
  counts,
  onRefused: () => {},
});

export interface Following {
  /** Messages of one identifier, as they came. */
  readonly messages: string[];
  readonly counts: JournalCounts;
  position(): Position;
  /** Ends it; rejects where it failed. */
  stop(): Promise<void>;
}

/** Follows a journal and keeps what one identifier said. */
export function following(
  paths: readonly string[],
  identifier: string,
  options: Partial<FollowOptions> = {},
): Following {
  const messages: string[] = [];
  const counts = noCounts();
  const stopping = new AbortController();
  let position: Position = { marks: [] };
  const follow = followJournal({
    ...reading(paths, counts),
    signal: stopping.signal,
    growthPollMs: 10,
    namesPollMs: 200,
    ...options,
  });
  const ended = (async () => {
    for await (const batch of follow) {
      for (const entry of batch.entries)
        if (textOf(entry, 'SYSLOG_IDENTIFIER') === identifier)
          messages.push(textOf(entry, 'MESSAGE') ?? '');
      position = batch.position;
    }
  })();
  return {
    messages,
    counts,
    position: () => position,
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}
