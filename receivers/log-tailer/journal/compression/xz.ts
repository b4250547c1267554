import type { Expanded } from './expanded.ts';
import { expandLzma2 } from './lzma2.ts';

const magic = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const streamHeaderBytes = 12;
const lzma2Filter = 0x21;
const hasPackedSize = 0x40;
const hasSize = 0x80;

/**
 * Expands the first block of an .xz stream: systemd writes one block by LZMA2 alone, without a check.
 * https://tukaani.org/xz/xz-file-format.txt
 */
export function expandXz(packed: Uint8Array, maxBytes: number): Expanded {
  if (packed.length <= streamHeaderBytes || !magic.equals(packed.subarray(0, magic.length)))
    return 'broken';
  const block = packed.subarray(streamHeaderBytes);
  const headerBytes = ((block[0] as number) + 1) * 4;
  // A size of zero is that of the index: a stream without blocks.
  if (headerBytes === 4 || headerBytes > block.length) return 'broken';
  const flags = block[1] as number;
  const filters = (flags & 3) + 1;
  let at = 2;
  for (const size of [hasPackedSize, hasSize]) if (flags & size) at = afterNumber(block, at);
  if (filters > 1 || at >= headerBytes || block[at] !== lzma2Filter) return 'broken';
  return expandLzma2(block.subarray(headerBytes), maxBytes);
}

/** Where the bytes after a number of variable length begin: each but its last has the high bit. */
function afterNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && at - from < 9 && (bytes[at] as number) >= 0x80) at += 1;
  return at + 1;
}
