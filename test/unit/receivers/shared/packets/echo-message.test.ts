import assert from 'node:assert/strict';

import {
  echoBytes,
  echoRequest,
  replyNumber,
  setNumber,
} from '../../../../../receivers/shared/packets/echo-message.ts';

const key = 0x89abcdef | 0;

/** The reply that a peer makes of a request, inside a larger buffer. */
function reply(number: number, type: number): Buffer {
  const request = echoRequest(4, key);
  setNumber(request, number);
  request[0] = type;
  return Buffer.concat([Buffer.alloc(8), request]);
}

describe('replyNumber', () => {
  for (const number of [0, 1, 65_536, 0x7fffffff])
    it(`finds number ${number} again`, () => {
      const found = replyNumber(reply(number, 0), { at: 8, length: echoBytes }, { family: 4, key });

      assert.equal(found, number);
    });

  for (const [title, type, length, ours] of [
    ['an echo request', 8, echoBytes, { family: 4, key }],
    ['a reply to somebody else', 0, echoBytes, { family: 4, key: 1 }],
    ['a reply of the other family', 0, echoBytes, { family: 6, key }],
    ['a reply that is cut off', 0, 12, { family: 4, key }],
  ] as const)
    it(`takes ${title} for none of ours`, () => {
      assert.equal(replyNumber(reply(5, type), { at: 8, length }, ours), -1);
    });

  it('shows the network the lower half as sequence', () => {
    const request = echoRequest(4, key);
    setNumber(request, 0x12345);

    assert.equal(request.readUInt16BE(6), 0x2345);
  });
});
