import type { Expanded } from './expanded.ts';
import { expandLz4 } from './lz4.ts';
import { expandXz } from './xz.ts';
import { expandZstd } from './zstd.ts';

/** What a DATA object's flags say of its payload; none of them, and it stands as it is. */
const expanders: Readonly<Record<number, (packed: Uint8Array, maxBytes: number) => Expanded>> = {
  1: expandXz,
  2: expandLz4,
  4: expandZstd,
};
export const compressedFlags = 7;

/** Expands a payload by the compression that its object's flags name. */
export function expand(flags: number, packed: Uint8Array, maxBytes: number): Expanded {
  return expanders[flags & compressedFlags]?.(packed, maxBytes) ?? 'broken';
}
