import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { readHttpAnswer } from '../../../../../receivers/shared/packets/http-answer.ts';

const answers = [
  ['of a known length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npong\n', 200, true],
  ['without a body', 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n', 204, true],
  ['that ends the connection', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', 200, false],
  ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 200, false],
  ['longer than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab', 200, false],
  ['too long to wait for', 'HTTP/1.0 404 No\r\nContent-Length: 900000\r\n\r\n', 404, false],
] as const;

describe('readHttpAnswer', () => {
  for (const [title, text, status, reusable] of answers)
    it(`reads an answer ${title}`, () => {
      assert.deepEqual(readHttpAnswer()(Buffer.from(text)), { status, done: true, reusable });
    });

  it('gives the same however the bytes are cut', () => {
    const [, text] = answers[0];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: text.length - 1 })), (cuts) => {
        const places = [0, ...[...new Set(cuts)].toSorted((a, b) => a - b), text.length];
        const read = readHttpAnswer();
        const results = places
          .slice(1)
          .map((end, index) => read(Buffer.from(text.slice(places[index], end))));

        assert.deepEqual(results.at(-1), { status: 200, done: true, reusable: true });
        for (const result of results.slice(0, -1))
          assert.equal(result !== 'malformed' && result.done, false);
      }),
    );
  });

  for (const text of ['220 smtp.example\r\n', 'HTTP/2 200\r\n', 'x'.repeat(100)])
    it(`finds ${text.slice(0, 12)} malformed`, () => {
      assert.equal(readHttpAnswer()(Buffer.from(text)), 'malformed');
    });
});
