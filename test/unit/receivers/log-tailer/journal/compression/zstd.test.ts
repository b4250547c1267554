import assert from 'node:assert/strict';
import { constants, zstdCompressSync } from 'node:zlib';
import { expandZstd } from '../../../../../../receivers/log-tailer/journal/compression/zstd.ts';

const mebibyte = 1024 * 1024;
const text = Buffer.from('kubelet started '.repeat(1000));

describe('expanding Zstandard', () => {
  it('gives what was compressed', () => {
    assert.deepEqual(expandZstd(zstdCompressSync(text), text.length), text);
  });

  it('gives no more than is asked for', () => {
    assert.equal(expandZstd(zstdCompressSync(text), text.length - 1), 'too-long');
  });

  it('sets aside no larger window than is asked for', () => {
    const params = { [constants.ZSTD_c_windowLog]: 24, [constants.ZSTD_c_contentSizeFlag]: 0 };
    const packed = zstdCompressSync(Buffer.alloc(20 * mebibyte), { params });

    assert.equal(expandZstd(packed, mebibyte), 'too-long');
  });

  it('calls broken what is cut short, or is none', () => {
    const packed = zstdCompressSync(text);
    for (const bytes of [packed.subarray(0, -4), Buffer.from('text'), Buffer.alloc(0)])
      assert.equal(expandZstd(bytes, mebibyte), 'broken');
  });
});
