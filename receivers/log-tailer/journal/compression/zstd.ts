import { constants, zstdDecompressSync } from 'node:zlib';
import type { Expanded } from './expanded.ts';

/** Least window that the format knows, as a power of two. */
const leastWindowLog = 10;
/** Most fields are not longer than a page: more is set aside for each only to be given up again. */
const chunkSize = 4096;
const tooLong = new Set(['ERR_BUFFER_TOO_LARGE', 'ZSTD_error_frameParameter_windowTooLarge']);

/** Expands one Zstandard frame; needs no more memory than `maxBytes` and a window of as many. */
export function expandZstd(packed: Uint8Array, maxBytes: number): Expanded {
  const windowLog = Math.max(leastWindowLog, Math.ceil(Math.log2(maxBytes)));
  try {
    return zstdDecompressSync(packed, {
      chunkSize,
      maxOutputLength: maxBytes,
      params: { [constants.ZSTD_d_windowLogMax]: windowLog },
    });
  } catch (error) {
    return tooLong.has((error as NodeJS.ErrnoException).code ?? '') ? 'too-long' : 'broken';
  }
}
