/** What following did so far, and what it holds; plain numbers that a reader takes when it likes. */
export interface FollowCounts {
  /** Handed on. */
  chunks: number;
  bytes: number;
  /** Lines that came in pieces. */
  longLines: number;
  /** Open now. */
  filesOpen: number;
  /** Known now, with those that are gone. */
  logsKnown: number;
  /** Unread now, in bytes of files whose end was not reached; compressed files are left out. */
  lagBytes: number;
  /** A file took the name of another. */
  rotations: number;
  /** A file was shorter than what was read of it, or read otherwise. */
  truncations: number;
  /** Copies of known logs that were not read again. */
  copies: number;
  /** Read from a checkpoint on. */
  resumed: number;
  /** Files that could not be opened or read now; each attempt. */
  unreadable: number;
  /** Compressed files that broke off or are damaged, and files in a form that is not read. */
  damaged: number;
  /** Logs that were left out because too many are known. */
  tooMany: number;
  /** Bytes of holes at the beginning of logs. */
  zeroBytes: number;
  /** Floods, in which a directory was asked every 2 ms rather than watched. */
  floods: number;
  /** Directories that cannot be watched now, and are listed once a second. */
  foldersPolled: number;
  saves: number;
  failedSaves: number;
}

export function createCounts(): FollowCounts {
  return {
    chunks: 0,
    bytes: 0,
    longLines: 0,
    filesOpen: 0,
    logsKnown: 0,
    lagBytes: 0,
    rotations: 0,
    truncations: 0,
    copies: 0,
    resumed: 0,
    unreadable: 0,
    damaged: 0,
    tooMany: 0,
    zeroBytes: 0,
    floods: 0,
    foldersPolled: 0,
    saves: 0,
    failedSaves: 0,
  };
}
