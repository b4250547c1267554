import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { createLineSplitter } from '../../../../../receivers/shared/kubernetes/lines.ts';

describe('createLineSplitter', () => {
  it('gives the same lines however the bytes are cut into chunks', () => {
    const lines = fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '')),
    );
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 20 })), (expected, sizes) => {
        const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''));
        const splitter = createLineSplitter(1_000_000);
        const got: string[] = [];
        let from = 0;
        for (const size of [...sizes, bytes.length]) {
          for (const line of splitter.push(bytes.subarray(from, from + size)))
            got.push(line.toString());
          from += size;
        }

        assert.deepEqual(got, expected);
      }),
    );
  });

  it('refuses a line that grows beyond its bound', () => {
    const splitter = createLineSplitter(10);
    splitter.push(Buffer.from('12345'));

    assert.throws(() => splitter.push(Buffer.from('678901')), RangeError);
  });
});
