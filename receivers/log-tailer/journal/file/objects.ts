import { number64 } from './number64.ts';
import type { Windows } from './windows.ts';

/** What an object is, as its first byte says. */
export const objectType = { data: 1, entry: 3, entryArray: 6 } as const;

/** What every object begins with: its type, its flags, its size. */
const headBytes = 16;

/** Where objects of a journal lie, and whether it is of the compact form, which has shorter ones. */
export interface Arena {
  readonly windows: Windows;
  objectsFrom: number;
  objectsTo: number;
  isCompact: boolean;
}

/** Size of an object with its head, where it is of that type, at least so long, and lies in the arena; 0 where not. */
export function objectSize(arena: Arena, offset: number, type: number, leastBytes: number): number {
  const { windows, objectsFrom, objectsTo } = arena;
  if (!(offset >= objectsFrom && offset + leastBytes <= objectsTo) || offset % 8 !== 0) return 0;
  if (!windows.locate(offset, headBytes) || windows.bytes[windows.at] !== type) return 0;
  const size = number64(windows.view, windows.at + 8);
  return size >= leastBytes && offset + size <= objectsTo ? size : 0;
}
