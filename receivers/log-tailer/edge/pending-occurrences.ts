import type { Occurrence } from '../core/occurrence.ts';

/** Keeps what happened until it can be told, and tells from then on at once. */
export interface PendingOccurrences {
  readonly tell: (occurrence: Occurrence) => void;
  readonly open: (take: (occurrence: Occurrence) => void) => void;
  /** Those for which there was no room. */
  readonly dropped: () => number;
}

/** More than a node's boot has, but for what happens again and again. */
const most = 2048;

export function createPendingOccurrences(): PendingOccurrences {
  let pending: Occurrence[] = [];
  let taken: ((occurrence: Occurrence) => void) | undefined;
  let dropped = 0;
  return {
    tell: (occurrence) => {
      if (taken !== undefined) return taken(occurrence);
      if (pending.length < most) pending.push(occurrence);
      else dropped++;
    },
    open: (take) => {
      taken = take;
      const waiting = pending;
      pending = [];
      for (const each of waiting) take(each);
    },
    dropped: () => dropped,
  };
}
