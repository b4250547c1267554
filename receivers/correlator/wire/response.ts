import {
  bad,
  readLength,
  readTag,
  readVarint,
  skipField,
  wireType,
  type Cursor,
} from './reader.ts';

const firstMessage = (1 << 3) | wireType.bytes;
const firstNumber = 1 << 3;

/** Spans that an encoded ExportTraceServiceResponse says were rejected; 0 for one that cannot be read. */
export function rejectedSpans(bytes: Buffer): number {
  const cursor: Cursor = { bytes, at: 0, end: bytes.length };
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === firstMessage) {
      const length = readLength(cursor);
      if (length === bad) return 0;
      return firstNumberIn({ bytes, at: cursor.at, end: cursor.at + length });
    }
    if (tag === bad || !skipField(cursor, tag & 7)) return 0;
  }
  return 0;
}

function firstNumberIn(cursor: Cursor): number {
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === firstNumber) return Math.max(0, readVarint(cursor));
    if (tag === bad || !skipField(cursor, tag & 7)) return 0;
  }
  return 0;
}
