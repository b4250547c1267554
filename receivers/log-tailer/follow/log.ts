import type { Mark } from './marks.ts';
import { type Print, nothing } from './print.ts';

/** What one writer wrote, whatever file holds it now. */
export interface TailedLog {
  readonly id: string;
  /** What it was called when it was opened. */
  readonly path: string;
  /** Device and inode of the file that holds it. */
  file: string;
  /** It has them now; none: it was renamed out of the globs, or is gone. */
  readonly names: Set<string>;
  /** What it was last called. */
  lastName: string;
  head: Print;
  /** Read up to here. */
  offset: number;
  /** The last bytes before `offset`. */
  anchor: Print;
  acknowledged: Mark;
  /** Ends of the chunks that are not acknowledged. */
  readonly marks: Mark[];
  /** Compressed: read as a stream, never by offset. */
  gzip: boolean;
  fd: number | undefined;
  /** All of it was read, and no more will come: so long it is. */
  length: number | undefined;
  /** Milliseconds since the Unix epoch; undefined while a file holds it. */
  goneSinceMs: number | undefined;
  /** Something was last read, by the monotonic clock. */
  activeMs: number;
  /** Unread when it was last read. */
  lagBytes: number;
  /** How long the file was when that was last asked for. */
  askedBytes: number;
  /** When the file was last written to, as it said when it was last asked; by its own clock. */
  askedMs: number;
  /** Read to its end before: what is new was written just now. */
  hot: boolean;
  /** A read is under way. */
  reading: boolean;
  /** It changed while it was read. */
  again: boolean;
  /** Nobody will finish its last line. */
  ending: boolean;
  /** What was handed on last ends within a line. */
  withinLine: boolean;
  /** Nothing but zeros stands before `offset`. */
  onlyZeros: boolean;
}

export interface NewLog {
  readonly id: string;
  readonly path: string;
  readonly file: string;
  readonly head: Print;
  readonly from: Mark;
  readonly gzip: boolean;
  readonly nowMs: number;
}

export const beginning: Mark = { offset: 0, anchor: nothing };

export function newLog({ id, path, file, head, from, gzip, nowMs }: NewLog): TailedLog {
  return {
    id,
    path,
    file,
    names: new Set(),
    lastName: path,
    head,
    offset: from.offset,
    anchor: from.anchor,
    acknowledged: from,
    marks: [],
    gzip,
    fd: undefined,
    length: undefined,
    goneSinceMs: undefined,
    activeMs: nowMs,
    lagBytes: 0,
    askedBytes: -1,
    askedMs: 0,
    hot: false,
    reading: false,
    again: false,
    ending: false,
    withinLine: false,
    onlyZeros: from.offset === 0,
  };
}
