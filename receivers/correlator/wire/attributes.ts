import {
  bad,
  readLength,
  readTag,
  readVarint,
  skipField,
  wireType,
  type Cursor,
} from './reader.ts';
import { hasShape, shapes } from './shape.ts';

/** The attributes that say which program a span is of, which pod it is about, or that it is our own. */
export const attributeKeys = [
  'service.name',
  'k8s.pod.uid',
  'sandbox.name',
  'container.name',
  'sandbox.id',
  'container.id',
  'http.target',
  'http.request.method',
  'http.response.status_code',
  'url',
  'url.full',
  'resource',
  'namespace',
  'name',
  'key',
  'range_begin',
  'range_end',
  'success_first_key',
  'kube_latency.stitched',
] as const;

export type AttributeKey = (typeof attributeKeys)[number];

/** Longer values are read as absent: no path, key or name of a pod comes near. */
const longestValue = 1024;

const slots = new Map<AttributeKey, number>(attributeKeys.map((key, slot) => [key, slot]));

const byLength: readonly (readonly { readonly key: Buffer; readonly slot: number }[])[] =
  Array.from({ length: 1 + Math.max(...attributeKeys.map((key) => key.length)) }, (_, length) =>
    attributeKeys.flatMap((key, slot) =>
      key.length === length ? [{ key: Buffer.from(key), slot }] : [],
    ),
  );

export function slotOf(key: AttributeKey): number {
  return slots.get(key) as number;
}

function knownSlot(bytes: Buffer, at: number, length: number): number {
  const candidates = byLength[length];
  if (candidates === undefined) return bad;
  next: for (const { key, slot } of candidates) {
    // The keys share their beginnings, not their ends.
    for (let i = length - 1; i >= 0; i--) if (bytes[at + i] !== key[i]) continue next;
    return slot;
  }
  return bad;
}

const keyField = (1 << 3) | wireType.bytes;
const valueField = (2 << 3) | wireType.bytes;
const stringField = (1 << 3) | wireType.bytes;
const boolField = (2 << 3) | wireType.varint;
const intField = (3 << 3) | wireType.varint;

/**
 * Reads one KeyValue, which fills the cursor; the collector writes the value before the key. A string (or
 * bool, as `true`, or integer) under a known key goes into its slot of `values`; everything else is passed over. False when
 * it is not a KeyValue.
 */
export function readAttribute(cursor: Cursor, values: string[]): boolean {
  const end = cursor.end;
  let slot = bad;
  let valueAt = bad;
  let valueEnd = bad;
  while (cursor.at < end) {
    const tag = readTag(cursor);
    if (tag === keyField || tag === valueField) {
      const length = readLength(cursor);
      if (length === bad) return false;
      const { at } = cursor;
      cursor.at += length;
      if (tag === keyField) slot = knownSlot(cursor.bytes, at, length);
      else {
        // A decoder would merge the two, so both would have to be looked at.
        if (valueAt !== bad) return false;
        valueAt = at;
        valueEnd = cursor.at;
      }
    } else if (tag === bad || tag >>> 3 < 3 || !skipField(cursor, tag & 7)) return false;
  }
  if (valueAt === bad) return true;
  cursor.at = valueAt;
  cursor.end = valueEnd;
  if (slot === bad) return hasShape(cursor, shapes.anyValue);
  const value = readValue(cursor);
  if (value === undefined) return false;
  values[slot] = value;
  return true;
}

/** An AnyValue as a string; '' for the kinds that are of no use here, undefined when malformed. */
function readValue(cursor: Cursor): string | undefined {
  const { at } = cursor;
  if (!hasShape(cursor, shapes.anyValue)) return undefined;
  cursor.at = at;
  let value = '';
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor);
    if (tag === stringField) {
      const length = readLength(cursor);
      if (length <= longestValue)
        value = cursor.bytes.toString('utf8', cursor.at, cursor.at + length);
      cursor.at += length;
    } else if (tag === boolField) value = readVarint(cursor) === 0 ? '' : 'true';
    else if (tag === intField) value = String(readVarint(cursor));
    else skipField(cursor, tag & 7);
  }
  return value;
}
