/** What could not be read, or was left out, since the counts were made. */
export interface JournalCounts {
  /** Files that are no journal, or one of a kind that is not known. */
  refusedFiles: number;
  /** Entries that are damaged, or lie where none can. */
  badEntries: number;
  /** Chains of entries that end before the file's count of them does. */
  brokenChains: number;
  badFields: number;
  /** Fields longer than is held, or beyond what an entry may have. */
  longFields: number;
  /** Entries that were deleted before they were read: at most, as users' journals take numbers of the same row. */
  missedAtMost: number;
}

export function noCounts(): JournalCounts {
  return {
    refusedFiles: 0,
    badEntries: 0,
    brokenChains: 0,
    badFields: 0,
    longFields: 0,
    missedAtMost: 0,
  };
}
