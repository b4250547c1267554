import assert from 'node:assert/strict';
import { SocketAddress } from 'node:net';

import * as fc from 'fast-check';

import { socketAddress } from '../../../../../receivers/shared/packets/socket-address.ts';

describe('socketAddress', () => {
  it('lays out an IPv4 address as the kernel reads it', () => {
    assert.deepEqual(
      [...(socketAddress('198.18.0.1') ?? [])].slice(0, 8),
      [2, 0, 0, 0, 198, 18, 0, 1],
    );
  });

  it('reads every form of an IPv6 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const bytes = socketAddress(text);
        assert.ok(bytes);
        const groups = Array.from({ length: 8 }, (_, index) =>
          bytes.readUInt16BE(8 + index * 2).toString(16),
        );

        assert.equal(bytes.readUInt16LE(0), 10);
        assert.equal(canonical(groups.join(':')), canonical(text));
      }),
    );
  });

  for (const text of ['', 'worker-1', '1.2.3', '1.2.3.4:80', 'fe80::1%eth0', '::1/128'])
    it(`takes no address from '${text}'`, () => {
      assert.equal(socketAddress(text), undefined);
    });
});

function canonical(address: string): string {
  return new SocketAddress({ address, family: 'ipv6' }).address;
}
