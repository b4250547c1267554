import { messageOf } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { SourceReport } from '../core/source-report.ts';
import type { JournalCounts } from '../journal/counts.ts';
import { followJournal, type FollowOptions } from '../journal/edge/follow-journal.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { defaultLimits } from '../journal/limits.ts';
import type { Position } from '../journal/position.ts';
import type { FollowedPart } from './followed-part.ts';
import { journalSource as source } from './scanning.ts';

export interface FollowJournalsOptions {
  readonly folders: readonly string[];
  readonly start: FollowOptions['start'];
  readonly counts: JournalCounts;
  readonly onEntries: (entries: readonly JournalEntry[], position: Position) => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** journald tells of what it wrote as much as 250 ms late: asking its files is quicker. */
const growthPollMs = 50;
const namesPollMs = 5000;

/** Follows the journal of the system. */
export function followJournals(options: FollowJournalsOptions): FollowedPart {
  const { folders, start, counts, onEntries, log, signal } = options;
  let heard = false;
  let broken: string | undefined;
  const refused = new Map<string, string>();

  async function follow(): Promise<void> {
    const batches = followJournal({
      paths: folders,
      withUsers: false,
      start,
      fields: [],
      limits: defaultLimits,
      counts,
      onRefused: (path, reason) => {
        refused.set(path, reason);
        log.warn({ path, reason }, 'journal not read');
      },
      signal,
      growthPollMs,
      namesPollMs,
    });
    for await (const { entries, position } of batches) {
      heard = true;
      onEntries(entries, position);
    }
  }

  function report(): SourceReport {
    if (broken !== undefined) return { source, problem: broken };
    if (heard) return { source };
    const [first] = refused;
    const problem =
      first === undefined
        ? `no entry of a journal in ${folders.join(', ')}`
        : `${first[0]}: ${first[1]}`;
    return { source, problem };
  }

  return {
    report,
    problem: () => broken,
    ended: follow().catch((caught: unknown) => {
      broken = messageOf(caught);
    }),
    save: () => Promise.resolve(),
  };
}
