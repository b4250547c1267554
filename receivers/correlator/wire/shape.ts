import { bad, readLength, readTag, skipField, wireType, type Cursor } from './reader.ts';

/** What a field of a message must be: of a wire type, and where it is a message itself, of a shape. */
interface FieldShape {
  readonly type: number;
  readonly message?: Shape;
}

/** The fields of a message by number. Unknown ones are allowed, as everywhere in Protocol Buffers. */
type Shape = FieldShape[];

const varint: FieldShape = { type: wireType.varint };
const fixed64: FieldShape = { type: wireType.fixed64 };
const bytes: FieldShape = { type: wireType.bytes };
const nested = (message: Shape): FieldShape => ({ type: wireType.bytes, message });

const anyValue: Shape = [];
const keyValue: Shape = [];
keyValue[1] = bytes;
keyValue[2] = nested(anyValue);
const arrayValue: Shape = [];
arrayValue[1] = nested(anyValue);
const keyValueList: Shape = [];
keyValueList[1] = nested(keyValue);
anyValue[1] = bytes;
anyValue[2] = varint;
anyValue[3] = varint;
anyValue[4] = fixed64;
anyValue[5] = nested(arrayValue);
anyValue[6] = nested(keyValueList);
anyValue[7] = bytes;

const event: Shape = [];
event[1] = fixed64;
event[2] = bytes;
event[3] = nested(keyValue);
event[4] = varint;

const link: Shape = [];
link[1] = bytes;
link[2] = bytes;
link[3] = bytes;
link[4] = nested(keyValue);
link[5] = varint;
link[6] = { type: wireType.fixed32 };

const status: Shape = [];
status[2] = bytes;
status[3] = varint;

const scope: Shape = [];
scope[1] = bytes;
scope[2] = bytes;
scope[3] = nested(keyValue);
scope[4] = varint;

export const shapes = { anyValue, event, link, status, scope } as const;

/** Deeper values are taken for malformed: nothing that Kubernetes traces comes near. */
const deepest = 32;

/**
 * Whether the message that fills the cursor has a shape, down to its leaves. One span that could not be
 * decoded would make the receiver refuse all that are sent with it. Leaves the cursor anywhere.
 */
export function hasShape(cursor: Cursor, shape: Shape, depth = 0): boolean {
  if (depth > deepest) return false;
  const { end } = cursor;
  while (cursor.at < end) {
    const tag = readTag(cursor);
    if (tag === bad) return false;
    const field = shape[tag >>> 3];
    if (field !== undefined && field.type !== (tag & 7)) return false;
    if (field?.message === undefined) {
      if (!skipField(cursor, tag & 7)) return false;
      continue;
    }
    const length = readLength(cursor);
    if (length === bad) return false;
    const after = cursor.at + length;
    cursor.end = after;
    const sound = hasShape(cursor, field.message, depth + 1);
    cursor.end = end;
    if (!sound) return false;
    cursor.at = after;
  }
  return true;
}
