import assert from 'node:assert/strict';
import { expandLz4 } from '../../../../../../receivers/log-tailer/journal/compression/lz4.ts';

/** As systemd writes it: its length, then a block. */
function packed(length: number, ...block: readonly (number | string)[]): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([
    prefix,
    ...block.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))),
  ]);
}

const x = (count: number): string => 'x'.repeat(count);

describe('expanding LZ4', () => {
  const sound: Readonly<Record<string, [Buffer, string]>> = {
    'literals alone': [packed(5, 0x50, 'hello'), 'hello'],
    'many literals': [packed(300, 0xf0, 255, 30, x(300)), x(300)],
    'literals whose length ends on a full byte': [packed(270, 0xf0, 255, 0, x(270)), x(270)],
    'a match': [packed(13, 0x62, 'abcdef', 6, 0, 0x10, '!'), 'abcdefabcdef!'],
    'a match that overlaps itself': [packed(10, 0x24, 'ab', 2, 0, 0x00), 'ababababab'],
    'a long match': [packed(302, 0x2f, 'ab', 1, 0, 255, 25, 0x10, 'c'), `a${'b'.repeat(300)}c`],
  };
  for (const [title, [bytes, expected]] of Object.entries(sound))
    it(`gives ${title}`, () => {
      assert.equal(String(expandLz4(bytes, 1000)), expected);
    });

  const broken: Readonly<Record<string, Buffer>> = {
    'without a block': packed(5),
    'shorter than its length': packed(6, 0x50, 'hello'),
    'longer than its length': packed(4, 0x50, 'hello'),
    'whose literals are cut short': packed(5, 0x50, 'hel'),
    'whose match has no distance': packed(10, 0x24, 'ab', 2),
    'whose match is of distance zero': packed(10, 0x24, 'ab', 0, 0, 0x00),
    'whose match begins before it': packed(10, 0x24, 'ab', 3, 0, 0x00),
    'whose match is longer than its length': packed(9, 0x24, 'ab', 2, 0, 0x00),
    'whose literals’ length is cut short': packed(300, 0xf0, 255),
    'whose match’s length is cut short': packed(300, 0x2f, 'ab', 2, 0, 255),
    'that ends with a match': packed(10, 0x24, 'ab', 2, 0),
    'that says to be longer than any of its size can be': packed(1e6, 0x50, 'hello'),
  };
  for (const [title, bytes] of Object.entries(broken))
    it(`calls a block broken ${title}`, () => {
      assert.equal(expandLz4(bytes, 1e9), 'broken');
    });

  it('sets aside no more than is asked for', () => {
    assert.equal(expandLz4(packed(302, 0x2f, 'ab', 1, 0, 255, 25, 0x10, 'c'), 301), 'too-long');
  });
});
