import { type Rest, cutLines } from './cut.ts';
import type { Mark } from './marks.ts';
import { anchorBytes, printOf } from './print.ts';

/** Whole lines of a stream. */
export interface Lines {
  readonly offset: number;
  readonly bytes: Buffer;
  /** Where they end. */
  readonly end: Mark;
  readonly piece: boolean;
}

/** Makes whole lines of a stream that comes in pieces; holds one buffer. */
export interface LineBuffer {
  /** Takes as much as there is room for, and says how much that was. */
  readonly fill: (bytes: Buffer) => number;
  /** The whole lines that it holds; good until it is filled again. Undefined for none. */
  readonly take: (rest: Rest) => Lines | undefined;
}

/** `before` are the bytes before `offset`, or the last of them. */
export function createLineBuffer(buffer: Buffer, offset: number, before: Buffer): LineBuffer {
  // The last bytes that were taken stay in front of those that were not: anchors are made of both.
  let start = Math.min(before.length, anchorBytes);
  before.copy(buffer, 0, before.length - start);
  let end = start;
  let at = offset;
  return {
    fill: (bytes) => {
      const kept = Math.max(0, start - anchorBytes);
      if (kept > 0) {
        buffer.copyWithin(0, kept, end);
        start -= kept;
        end -= kept;
      }
      const copied = bytes.copy(buffer, end);
      end += copied;
      return copied;
    },
    take: (rest) => {
      const { bytes, piece } = cutLines(buffer.subarray(start, end), rest);
      if (bytes === 0) return undefined;
      const lines = buffer.subarray(start, start + bytes);
      const from = at;
      start += bytes;
      at += bytes;
      const anchor = printOf(buffer.subarray(Math.max(0, start - anchorBytes), start));
      return { offset: from, bytes: lines, end: { offset: at, anchor }, piece };
    },
  };
}
