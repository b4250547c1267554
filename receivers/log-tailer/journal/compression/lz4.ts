import type { Expanded } from './expanded.ts';

/** Before an LZ4 block systemd writes how long it is when expanded: 64 bits, little-endian. */
const prefixBytes = 8;
const leastMatch = 4;
/** No byte of an LZ4 block stands for more than so many: the format's length bytes count to 255. */
const mostExpansion = 255;

/**
 * Expands what systemd compressed by LZ4: one block behind its length.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function expandLz4(packed: Uint8Array, maxBytes: number): Expanded {
  if (packed.length <= prefixBytes) return 'broken';
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length > (packed.length - prefixBytes) * mostExpansion) return 'broken';
  if (length > maxBytes) return 'too-long';
  const target = Buffer.allocUnsafe(length);
  return expandBlock(packed.subarray(prefixBytes), target) ? target : 'broken';
}

/** Whether the block filled the target to its end, and no further. */
function expandBlock(block: Uint8Array, target: Buffer): boolean {
  const end = block.length;
  let from = 0;
  let to = 0;
  while (from < end) {
    const token = block[from++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255 && from < end) literals += more = block[from++] as number;
      if (more === 255) return false;
    }
    if (from + literals > end || to + literals > target.length) return false;
    for (const stop = to + literals; to < stop;) target[to++] = block[from++] as number;
    if (from === end) return to === target.length;

    if (from + 2 > end) return false;
    const distance = (block[from] as number) | ((block[from + 1] as number) << 8);
    from += 2;
    let matched = (token & 15) + leastMatch;
    if (matched === 15 + leastMatch) {
      let more = 255;
      while (more === 255 && from < end) matched += more = block[from++] as number;
      if (more === 255) return false;
    }
    if (distance === 0 || distance > to || to + matched > target.length) return false;
    for (const stop = to + matched; to < stop; to++) target[to] = target[to - distance] as number;
  }
  return false;
}
