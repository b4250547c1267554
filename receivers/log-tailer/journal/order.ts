import type { FileEntry } from './file/file-entry.ts';

type Ordered = Pick<
  FileEntry,
  'seqnumId' | 'seqnum' | 'bootId' | 'monotonicUs' | 'realtimeUs' | 'xorHash'
>;

/**
 * Which of two entries of different files comes first, as systemd has it: by number within a row of numbers, by the clock that
 * is never set within a boot, else by the other. 0 where they are the same entry.
 */
export function compareEntries(a: Ordered, b: Ordered): number {
  if (a.seqnumId === b.seqnumId && a.seqnum !== b.seqnum) return a.seqnum - b.seqnum;
  if (a.bootId === b.bootId && a.monotonicUs !== b.monotonicUs)
    return a.monotonicUs - b.monotonicUs;
  if (a.realtimeUs !== b.realtimeUs) return a.realtimeUs - b.realtimeUs;
  if (a.xorHash === b.xorHash) return 0;
  return a.xorHash < b.xorHash ? -1 : 1;
}
