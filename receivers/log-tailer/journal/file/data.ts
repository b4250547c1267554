import { compressedFlags, expand } from '../compression/expand.ts';
import type { Field } from '../entry.ts';
import { endOfName, longestName } from '../field-name.ts';
import { number64 } from './number64.ts';
import { objectSize, objectType, type Arena } from './objects.ts';

/** A field that is read, `too-long` where it is longer than was asked for, or `bad`. */
export type FieldRead = Field | 'too-long' | 'bad';

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

/** Reads the field that a DATA object is. */
export function readField(arena: Arena, offset: number, maxBytes: number): FieldRead {
  const head = dataHeadBytes(arena);
  const size = objectSize(arena, offset, objectType.data, head + 1);
  if (size === 0) return 'bad';
  const { windows } = arena;
  const flags = (windows.bytes[windows.at + 1] as number) & compressedFlags;
  const mostBytes = maxBytes + longestName + 1;
  if (size - head > mostBytes) return 'too-long';
  if (!windows.locate(offset, size)) return 'bad';
  const { bytes, at } = windows;
  if (flags === 0) return split(bytes, at + head, at + size, maxBytes);
  const plain = expand(flags, bytes.subarray(at + head, at + size), mostBytes);
  if (plain === 'too-long') return plain;
  return plain === 'broken' ? 'bad' : split(plain, 0, plain.length, maxBytes);
}

function split(bytes: Buffer, from: number, to: number, maxBytes: number): FieldRead {
  const equals = endOfName(bytes, from, to);
  if (equals === undefined || equals === to || bytes[equals] !== equalsSign) return 'bad';
  if (to - equals - 1 > maxBytes) return 'too-long';
  return {
    name: bytes.toString('latin1', from, equals),
    value: Buffer.from(bytes.subarray(equals + 1, to)),
  };
}
