import type { Expanded } from './expanded.ts';
import { LzmaDecoder } from './lzma.ts';

const endOfChunks = 0;
const storedWithReset = 1;
const stored = 2;
const firstPacked = 0x80;

interface Chunk {
  /** First byte of what is packed or stored. */
  readonly from: number;
  readonly packedBytes: number;
  readonly bytes: number;
}

/** Expands LZMA2 chunks, of which `packed` is to hold all: the dictionary reaches back to the first byte at most. */
export function expandLzma2(packed: Uint8Array, maxBytes: number): Expanded {
  const decoder = new LzmaDecoder();
  let hasProperties = false;
  let target = Buffer.alloc(0);
  let start = 0;
  let length = 0;
  let at = 0;
  for (;;) {
    const control = packed[at];
    if (control === undefined) return 'broken';
    if (control === endOfChunks) return target.subarray(0, length);
    const chunk = chunkAt(packed, at, control);
    if (chunk === undefined) return 'broken';
    if (length + chunk.bytes > maxBytes) return 'too-long';
    target = grown(target, length, length + chunk.bytes, maxBytes);
    const body = packed.subarray(chunk.from, chunk.from + chunk.packedBytes);
    if (control === storedWithReset || control >= 0xe0) start = length;
    else if (at === 0) return 'broken';
    if (control < firstPacked) target.set(body, length);
    else {
      if (control >= 0xc0) hasProperties = decoder.setProperties(packed[chunk.from - 1] as number);
      if (!hasProperties) return 'broken';
      if (control >= 0xa0) decoder.reset();
      if (!decoder.expand(body, target, start, length, length + chunk.bytes)) return 'broken';
    }
    length += chunk.bytes;
    at = chunk.from + chunk.packedBytes;
  }
}

function chunkAt(packed: Uint8Array, at: number, control: number): Chunk | undefined {
  const number = (offset: number): number =>
    ((packed[at + offset] as number) << 8) | (packed[at + offset + 1] as number);
  if (control < firstPacked) {
    if (control > stored || at + 3 > packed.length) return undefined;
    const bytes = number(1) + 1;
    return within({ from: at + 3, packedBytes: bytes, bytes }, packed);
  }
  const from = at + (control >= 0xc0 ? 6 : 5);
  if (from > packed.length) return undefined;
  const bytes = ((control & 0x1f) << 16) + number(1) + 1;
  return within({ from, packedBytes: number(3) + 1, bytes }, packed);
}

const within = (chunk: Chunk, packed: Uint8Array): Chunk | undefined =>
  chunk.from + chunk.packedBytes <= packed.length ? chunk : undefined;

function grown(
  target: Buffer,
  length: number,
  needed: number,
  maxBytes: number,
): Buffer<ArrayBuffer> {
  if (needed <= target.length) return target as Buffer<ArrayBuffer>;
  const larger = Buffer.alloc(Math.min(maxBytes, Math.max(needed, 2 * target.length)));
  larger.set(target.subarray(0, length));
  return larger;
}
