import { attributeKeys, readAttribute } from './attributes.ts';
import {
  bad,
  readFixed64,
  readLength,
  readTag,
  readVarint,
  skipField,
  wireType,
  type Cursor,
} from './reader.ts';
import { hasShape, shapes } from './shape.ts';

/** Why a span, or a request, could not be read. */
export type Malformed =
  'truncated' | 'wrong_wire_type' | 'bad_id' | 'repeated_field' | 'bad_attribute';

export const spanKind = { server: 2, client: 3 } as const;

/**
 * What is read of one encoded span. Reused for the next span, so whoever keeps something of it copies it.
 * Offsets count from the start of `bytes`; an absent parent is -1.
 */
export interface SpanFields {
  bytes: Buffer;
  start: number;
  end: number;
  traceIdAt: number;
  spanIdAt: number;
  /** Of 8 bytes to be patched, be they zero; -1 when the span holds none. */
  parentIdAt: number;
  hasParent: boolean;
  /** Its parent is of the same process; false where that is not known. */
  parentIsLocal: boolean;
  nameAt: number;
  nameEnd: number;
  kind: number;
  startMs: number;
  endMs: number;
  /** By slotOf(key); '' where the span has none. */
  readonly values: string[];
  /** Trace ids linked to, as latin1; at most `mostLinks`. */
  readonly links: string[];
}

const mostLinks = 4;

export function emptySpan(): SpanFields {
  return {
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    traceIdAt: bad,
    spanIdAt: bad,
    parentIdAt: bad,
    hasParent: false,
    parentIsLocal: false,
    nameAt: 0,
    nameEnd: 0,
    kind: 0,
    startMs: 0,
    endMs: 0,
    values: attributeKeys.map(() => ''),
    links: [],
  };
}

function reset(span: SpanFields, cursor: Cursor): void {
  span.bytes = cursor.bytes;
  span.start = cursor.at;
  span.end = cursor.end;
  span.traceIdAt = span.spanIdAt = span.parentIdAt = bad;
  span.hasParent = span.parentIsLocal = false;
  span.nameAt = span.nameEnd = span.kind = span.startMs = span.endMs = 0;
  span.values.fill('');
  span.links.length = 0;
}

const tagOf = (field: number, type: number): number => (field << 3) | type;

const tags = {
  traceId: tagOf(1, wireType.bytes),
  spanId: tagOf(2, wireType.bytes),
  parentId: tagOf(4, wireType.bytes),
  name: tagOf(5, wireType.bytes),
  kind: tagOf(6, wireType.varint),
  start: tagOf(7, wireType.fixed64),
  end: tagOf(8, wireType.fixed64),
  attribute: tagOf(9, wireType.bytes),
  event: tagOf(11, wireType.bytes),
  link: tagOf(13, wireType.bytes),
  status: tagOf(15, wireType.bytes),
  flags: tagOf(16, wireType.fixed32),
} as const;

/** The wire type of every field of a span, by number: what differs would not be a span to whoever gets the copy. */
const typeOfField: readonly (number | undefined)[] = [
  undefined,
  wireType.bytes,
  wireType.bytes,
  wireType.bytes,
  wireType.bytes,
  wireType.bytes,
  wireType.varint,
  wireType.fixed64,
  wireType.fixed64,
  wireType.bytes,
  wireType.varint,
  wireType.bytes,
  wireType.varint,
  wireType.bytes,
  wireType.varint,
  wireType.bytes,
  wireType.fixed32,
];

/** Reads the span that fills the cursor into `span`; undefined when it is sound. */
export function readSpan(cursor: Cursor, span: SpanFields): Malformed | undefined {
  reset(span, cursor);
  const end = cursor.end;
  while (cursor.at < end) {
    const tag = readTag(cursor);
    if (tag === bad) return 'truncated';
    const wrong = readField(tag, cursor, span);
    if (wrong !== undefined) return wrong;
  }
  if (span.traceIdAt === bad || span.spanIdAt === bad) return 'bad_id';
  return undefined;
}

function readField(tag: number, cursor: Cursor, span: SpanFields): Malformed | undefined {
  switch (tag) {
    case tags.traceId:
    case tags.spanId:
    case tags.parentId:
      return readId(tag, cursor, span);
    case tags.kind:
      span.kind = readVarint(cursor);
      return span.kind === bad ? 'truncated' : undefined;
    case tags.start:
    case tags.end: {
      const ns = readFixed64(cursor);
      if (ns === bad) return 'truncated';
      if (tag === tags.start) span.startMs = ns / 1e6;
      else span.endMs = ns / 1e6;
      return undefined;
    }
    case tags.flags:
      return readFlags(cursor, span);
    case tags.name:
    case tags.attribute:
    case tags.event:
    case tags.link:
    case tags.status:
      return readMessage(tag, cursor, span);
    default: {
      const type = tag & 7;
      if (type !== (typeOfField[tag >>> 3] ?? type)) return 'wrong_wire_type';
      if (skipField(cursor, type)) return undefined;
      return type > wireType.bytes && type !== wireType.fixed32 ? 'wrong_wire_type' : 'truncated';
    }
  }
}

/** Of the flags of a span: whether its parent's place is known, and then, whether that is another process. */
const remoteIsKnown = 0x100;
const isRemote = 0x200;

function readFlags(cursor: Cursor, span: SpanFields): Malformed | undefined {
  const { at } = cursor;
  if (!skipField(cursor, wireType.fixed32)) return 'truncated';
  const flags = cursor.bytes.readUInt32LE(at);
  span.parentIsLocal = (flags & (remoteIsKnown | isRemote)) === remoteIsKnown;
  return undefined;
}

function readMessage(tag: number, cursor: Cursor, span: SpanFields): Malformed | undefined {
  const length = readLength(cursor);
  if (length === bad) return 'truncated';
  const { end } = cursor;
  const after = cursor.at + length;
  cursor.end = after;
  const sound = readInner(tag, cursor, span);
  cursor.end = end;
  if (!sound) return 'bad_attribute';
  cursor.at = after;
  return undefined;
}

function readInner(tag: number, cursor: Cursor, span: SpanFields): boolean {
  switch (tag) {
    case tags.attribute:
      return readAttribute(cursor, span.values);
    case tags.link:
      return readLink(cursor, span.links);
    case tags.event:
      return hasShape(cursor, shapes.event);
    case tags.status:
      return hasShape(cursor, shapes.status);
    default:
      span.nameAt = cursor.at;
      span.nameEnd = cursor.end;
      return true;
  }
}

function readId(tag: number, cursor: Cursor, span: SpanFields): Malformed | undefined {
  const length = readLength(cursor);
  if (length === bad) return 'truncated';
  const at = cursor.at;
  cursor.at = at + length;
  const zero = isZero(cursor.bytes, at, length);
  if (tag === tags.parentId) {
    if (length === 0) return undefined;
    if (length !== 8) return 'bad_id';
    if (span.parentIdAt !== bad) return 'repeated_field';
    span.parentIdAt = at;
    span.hasParent = !zero;
    return undefined;
  }
  if (zero || length !== (tag === tags.traceId ? 16 : 8)) return 'bad_id';
  const key = tag === tags.traceId ? 'traceIdAt' : 'spanIdAt';
  if (span[key] !== bad) return 'repeated_field';
  span[key] = at;
  return undefined;
}

function isZero(bytes: Buffer, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (bytes[i] !== 0) return false;
  return true;
}

function readLink(cursor: Cursor, links: string[]): boolean {
  const { at, end } = cursor;
  if (!hasShape(cursor, shapes.link)) return false;
  cursor.at = at;
  while (cursor.at < end) {
    const tag = readTag(cursor);
    if (tag !== tags.traceId && tag !== tags.spanId) {
      skipField(cursor, tag & 7);
      continue;
    }
    const length = readLength(cursor);
    if (length !== 0 && length !== (tag === tags.traceId ? 16 : 8)) return false;
    if (length === 16 && links.length < mostLinks)
      links.push(cursor.bytes.toString('latin1', cursor.at, cursor.at + 16));
    cursor.at += length;
  }
  return true;
}

export function spanName(span: SpanFields): string {
  return span.bytes.toString('utf8', span.nameAt, span.nameEnd);
}

/** Whether a span has the trace id that traceKey() gave. */
export function hasTraceId({ bytes, traceIdAt }: SpanFields, key: string): boolean {
  for (let i = 0; i < 16; i++) if (bytes[traceIdAt + i] !== key.charCodeAt(i)) return false;
  return true;
}

/** The trace id as 16 latin1 characters: the cheapest key of a Map. */
export function traceKey(span: SpanFields): string {
  return span.bytes.toString('latin1', span.traceIdAt, span.traceIdAt + 16);
}
