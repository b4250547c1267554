/** What a scan did. Each line is counted in one of them, or in none. */
export interface ScanCounts {
  /** Lines that told of something. */
  told: number;
  /** Lines that would have, but for their stamp: it has none that is understood. */
  unstamped: number;
  /** The same: no year fits, or nobody says when the kernel started. */
  unplaced: number;
  /** Lines of which only the first 64 KiB were looked at, as far as they were noticed. */
  cut: number;
  /** Logs that were forgotten before they ended, because there were too many. */
  forgotten: number;
}

export function noCounts(): ScanCounts {
  return { told: 0, unstamped: 0, unplaced: 0, cut: 0, forgotten: 0 };
}
