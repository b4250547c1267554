import type { Family, Point } from '../../shared/metrics/families.ts';
import type { FollowCounts } from '../follow/counts.ts';
import type { JournalCounts } from '../journal/counts.ts';
import type { ScanCounts } from '../scan/scan-counts.ts';
import type { Ledger } from './ledger.ts';

/** Every metric of the logs that are followed, without its points. */
export const logMetrics = {
  events: {
    kind: 'counter',
    name: 'kube_latency.node.events',
    unit: '{event}',
    description: 'What logs tell of as long as the node runs, by `event`.',
  },
  bytes: {
    kind: 'counter',
    name: 'kube_latency.log_tailer.read',
    unit: 'By',
    description: 'Read of logs, by `source`.',
  },
  lag: {
    kind: 'gauge',
    name: 'kube_latency.log_tailer.lag',
    unit: 'By',
    description: 'Written to logs, and not read yet, by `source`.',
  },
  logs: {
    kind: 'gauge',
    name: 'kube_latency.log_tailer.logs',
    unit: '{log}',
    description: 'Known now, by `source`.',
  },
  lines: {
    kind: 'counter',
    name: 'kube_latency.log_tailer.lines',
    unit: '{line}',
    description:
      'Lines that match a pattern, by `outcome`: told, unstamped (no stamp that is understood), unplaced (no year fits, or the kernel’s start is not known), cut (looked at in part).',
  },
  problems: {
    kind: 'counter',
    name: 'kube_latency.log_tailer.problems',
    unit: '{problem}',
    description:
      'What could not be read or kept, by `reason`: unreadable, damaged, too_many_logs, refused_journal, bad_entry, missed_entry, no_room.',
  },
} as const;

/** What is counted while logs are followed. */
export interface LogCounts {
  readonly ledger: Pick<Ledger, 'counts' | 'dropped'>;
  readonly scan: Readonly<ScanCounts>;
  /** By the name of the source. */
  readonly follow: ReadonlyMap<string, Readonly<FollowCounts>>;
  readonly journal: Readonly<JournalCounts>;
}

export function logFamilies({ ledger, scan, follow, journal }: LogCounts): readonly Family[] {
  const bySource = (read: (counts: Readonly<FollowCounts>) => number): Point<number>[] =>
    Array.from(follow, ([source, counts]) => ({ labels: { source }, value: read(counts) }));
  const sum = (read: (counts: Readonly<FollowCounts>) => number): number =>
    [...follow.values()].reduce((total, counts) => total + read(counts), 0);
  const by = (label: string, values: Readonly<Record<string, number>>): Point<number>[] =>
    Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
  const { told, unstamped, unplaced, cut } = scan;
  return [
    { ...logMetrics.events, points: by('event', Object.fromEntries(ledger.counts())) },
    { ...logMetrics.bytes, points: bySource(({ bytes }) => bytes) },
    { ...logMetrics.lag, points: bySource(({ lagBytes }) => lagBytes) },
    { ...logMetrics.logs, points: bySource(({ logsKnown }) => logsKnown) },
    { ...logMetrics.lines, points: by('outcome', { told, unstamped, unplaced, cut }) },
    {
      ...logMetrics.problems,
      points: by('reason', {
        unreadable: sum(({ unreadable }) => unreadable),
        damaged: sum(({ damaged }) => damaged),
        too_many_logs: sum(({ tooMany }) => tooMany) + scan.forgotten,
        refused_journal: journal.refusedFiles,
        bad_entry: journal.badEntries + journal.brokenChains,
        missed_entry: journal.missedAtMost,
        no_room: ledger.dropped(),
      }),
    },
  ];
}
