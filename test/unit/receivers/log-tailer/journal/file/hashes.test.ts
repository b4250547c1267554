import assert from 'node:assert/strict';
import { lookup3 } from '../../../../../../receivers/log-tailer/journal/file/lookup3.ts';
import { sipHash24 } from '../../../../../../receivers/log-tailer/journal/file/siphash.ts';

const counting = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => i));

describe('the hashes of a journal', () => {
  // The first and some more vectors of SipHash's reference implementation, read as numbers of 64 bits.
  for (const [length, expected] of [
    [0, 0x726fdb47dd0e0e31n],
    [1, 0x74f839c593dc67fdn],
    [7, 0xab0200f58b01d137n],
    [8, 0x93f5f5799a932462n],
    [15, 0xa129ca6149be45e5n],
  ] as const)
    it(`are SipHash's: of ${length} bytes`, () => {
      assert.equal(sipHash24(counting(length), counting(16)), expected);
    });

  // What lookup3.c says of itself, for both seeds zero.
  for (const [text, expected] of [
    ['', 0xdeadbeefdeadbeefn],
    ['Four score and seven years ago', 0x17770551ce7226e6n],
  ] as const)
    it(`are lookup3's: of '${text}'`, () => {
      assert.equal(lookup3(Buffer.from(text)), expected);
    });
});
