import { compressedFlags, expand } from '../compression/expand.ts';
import type { Field } from '../entry.ts';
import { endOfName, longestName } from '../field-name.ts';
import { number64 } from './number64.ts';
import { objectSize, objectType, type Arena } from './objects.ts';

/** A field that is read, `too-long` where it is longer than was asked for, `other` where it is of no name that was, or `bad`. */
export type FieldRead = Field | 'too-long' | 'other' | 'bad';

const equalsSign = 61;

/** Where the payload of a DATA object begins. */
export const dataHeadBytes = (arena: Arena): number => (arena.isCompact ? 72 : 64);

/** Where a DATA object says which entries have it. */
const links = { firstEntry: 40, entryArray: 48, entries: 56 } as const;

/** Where the first entry lies that has the field, the array of the others, or how many have it; 0 where it cannot be read. */
export function dataLink(arena: Arena, offset: number, link: keyof typeof links): number {
  const { windows } = arena;
  return windows.locate(offset + links[link], 8) ? number64(windows.view, windows.at) : 0;
}

/** Whether a field is compressed, as far as it is one. */
export function isPacked({ windows }: Arena, offset: number): boolean {
  if (!windows.locate(offset, 2)) return false;
  return ((windows.bytes[windows.at + 1] as number) & compressedFlags) !== 0;
}

/** Reads the field that a DATA object is, whatever its name or where it is one of some. */
export function readField(
  arena: Arena,
  offset: number,
  maxBytes: number,
  names?: ReadonlySet<string>,
): FieldRead {
  const head = dataHeadBytes(arena);
  const size = objectSize(arena, offset, objectType.data, head + 1);
  if (size === 0) return 'bad';
  const { windows } = arena;
  const flags = (windows.bytes[windows.at + 1] as number) & compressedFlags;
  const mostBytes = maxBytes + longestName + 1;
  if (size - head > mostBytes) return 'too-long';
  if (!windows.locate(offset, size)) return 'bad';
  const { bytes, at } = windows;
  if (flags === 0) return split(bytes.subarray(at + head, at + size), maxBytes, names);
  const plain = expand(flags, bytes.subarray(at + head, at + size), mostBytes);
  if (plain === 'too-long') return plain;
  return plain === 'broken' ? 'bad' : split(plain, maxBytes, names);
}

function split(payload: Buffer, maxBytes: number, names?: ReadonlySet<string>): FieldRead {
  const equals = endOfName(payload, 0, payload.length);
  if (equals === undefined || payload[equals] !== equalsSign) return 'bad';
  const name = payload.toString('latin1', 0, equals);
  if (names?.has(name) === false) return 'other';
  if (payload.length - equals - 1 > maxBytes) return 'too-long';
  return { name, value: Buffer.from(payload.subarray(equals + 1)) };
}
