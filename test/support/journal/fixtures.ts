import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import type { ByteSource } from '../../../receivers/log-tailer/journal/file/byte-source.ts';

const folder = new URL('../../fixtures/journals/', import.meta.url);

/** Journals that systemd 254 wrote: each has the same samples. */
export const fixtureNames = [
  'xz-regular-unkeyed',
  'lz4-regular-unkeyed',
  'zstd-regular',
  'zstd-compact',
  'lz4-compact',
] as const;

/** What the samples of the fixtures are. */
export const fixtureSamples = { entries: 60, bootEntries: 25 } as const;

export function fixture(name: (typeof fixtureNames)[number]): Buffer {
  return brotliDecompressSync(readFileSync(fileURLToPath(new URL(`${name}.journal.br`, folder))));
}

/** Bytes in memory, as a file has them. */
export function bytesSource(bytes: Buffer): ByteSource {
  return {
    size: () => bytes.length,
    read: (target, offset) => bytes.copy(target, 0, offset),
  };
}
