/**
 * The little of the Protocol Buffers wire format that OTLP needs. Nothing here throws and nothing reads
 * past `end`: every function answers `bad` (-1) for bytes that are not what they claim to be.
 */
export interface Cursor {
  bytes: Buffer;
  at: number;
  end: number;
}

export const bad = -1;

export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Reads a varint and moves past it. Values above 2^53 lose their low bits; `bad` when it is cut off, longer than
 * 10 bytes, or padded: no encoder does that, and decoders disagree about what it means.
 */
export function readVarint(cursor: Cursor): number {
  const { bytes, end } = cursor;
  let at = cursor.at;
  let value = 0;
  let scale = 1;
  for (let length = 0; length < 10 && at < end; length++) {
    const byte = bytes[at++] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      if (byte === 0 && length > 0) return bad;
      cursor.at = at;
      return value;
    }
    scale *= 128;
  }
  return bad;
}

function readVarint32(cursor: Cursor): number {
  const value = readVarint(cursor);
  return value > 0xffff_ffff ? bad : value;
}

/** Reads a field's tag, (number << 3) | wire type, and moves past it; `bad` when there can be no such field. */
export function readTag(cursor: Cursor): number {
  const tag = readVarint32(cursor);
  return tag < 8 ? bad : tag;
}

/** Reads a length and moves past it to the first byte it counts; `bad` when those bytes are not all there. */
export function readLength(cursor: Cursor): number {
  const length = readVarint32(cursor);
  return length > cursor.end - cursor.at ? bad : length;
}

/** Reads a little-endian 64-bit number and moves past it, to the precision of a double. */
export function readFixed64(cursor: Cursor): number {
  const { bytes, at } = cursor;
  if (cursor.end - at < 8) return bad;
  cursor.at = at + 8;
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
}

/** Moves past the value of a field of the given wire type; false when it cannot be. */
export function skipField(cursor: Cursor, type: number): boolean {
  switch (type) {
    case wireType.varint:
      return readVarint(cursor) !== bad;
    case wireType.fixed64:
      return skipBytes(cursor, 8);
    case wireType.bytes: {
      const length = readLength(cursor);
      return length !== bad && skipBytes(cursor, length);
    }
    case wireType.fixed32:
      return skipBytes(cursor, 4);
    default:
      return false;
  }
}

function skipBytes(cursor: Cursor, count: number): boolean {
  if (count > cursor.end - cursor.at) return false;
  cursor.at += count;
  return true;
}
