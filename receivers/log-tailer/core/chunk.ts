/** Whole lines of one log, as they stand in it. */
export interface Chunk {
  /** Which log, whatever it is called now: what its checkpoint is kept under. */
  readonly log: string;
  /** What it was called when it was opened. */
  readonly path: string;
  /** Where `bytes` begin, in bytes of the log as it reads uncompressed. */
  readonly offset: number;
  /** Ends with a newline, unless the log does not or its line is longer than is held. Good until the handler returns. */
  readonly bytes: Buffer;
}
