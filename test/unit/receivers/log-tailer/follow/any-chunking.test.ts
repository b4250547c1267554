import assert from 'node:assert/strict';
import { createLineBuffer } from '../../../../../receivers/log-tailer/follow/line-buffer.ts';
import * as fc from 'fast-check';

const bufferBytes = 256;
/** Newlines are frequent, and lines longer than the buffer are not. */
const texts = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: fc.uint8Array({ maxLength: 60 }) },
      { weight: 1, arbitrary: fc.uint8Array({ minLength: 200, maxLength: 700, size: 'max' }) },
    ),
    { maxLength: 30 },
  )
  .map((lines) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));

describe('making lines of a stream', () => {
  it('gives the same bytes at the same offsets, in whole lines, in whatever pieces the stream comes', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(texts, pieces, (text, lengths) => {
        const lines = createLineBuffer(Buffer.alloc(bufferBytes), 0, Buffer.alloc(0));
        const given: Buffer[] = [];
        let at = 0;
        const give = (rest: 'may come' | 'no room' | 'never comes'): void => {
          const taken = lines.take(rest);
          if (taken === undefined) return;
          assert.equal(taken.offset, at);
          assert.equal(taken.end.offset, at + taken.bytes.length);
          assert.ok(taken.piece || taken.bytes.at(-1) === 0x0a || rest === 'never comes');
          given.push(Buffer.from(taken.bytes));
          at += taken.bytes.length;
        };

        for (let from = 0, turn = 0; from < text.length; turn++) {
          const length = lengths[turn % lengths.length] ?? 1;
          let piece = text.subarray(from, from + length);
          from += length;
          while (piece.length > 0) {
            piece = piece.subarray(lines.fill(piece));
            give(piece.length > 0 ? 'no room' : 'may come');
          }
        }
        give('never comes');

        assert.ok(Buffer.concat(given).equals(text));
      }),
    );
  });
});
