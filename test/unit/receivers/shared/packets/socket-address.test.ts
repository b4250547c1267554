import assert from 'node:assert/strict';
import { isIP, SocketAddress } from 'node:net';

import * as fc from 'fast-check';

import {
  createAddressWriter,
  socketAddress,
} from '../../../../../receivers/shared/packets/socket-address.ts';

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

describe('createAddressWriter', () => {
  const write = createAddressWriter();

  it('writes what socketAddress gives, one address after the other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 65_535 }))),
        (addresses) => {
          for (const [text, port] of addresses)
            assert.deepEqual(write(text, port), socketAddress(text, port));
        },
      ),
    );
  });

  it('takes no address from any text that is none', () => {
    const octet = fc.stringMatching(/^[0-9]{1,4}$/);
    const almost = fc.array(octet, { minLength: 3, maxLength: 5 }).map((all) => all.join('.'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (text) => {
        fc.pre(isIP(text) === 0);

        assert.equal(write(text), undefined);
      }),
    );
  });

  for (const text of [
    '1.2.3.4.5',
    '1..2.3',
    '.1.2.3',
    '1.2.3.',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.00',
    '1.2.3.4:80',
    '',
  ])
    it(`takes none from '${text}'`, () => {
      assert.equal(write(text), undefined);
    });
});

function canonical(address: string): string {
  return new SocketAddress({ address, family: 'ipv6' }).address;
}
