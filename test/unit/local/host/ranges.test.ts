import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { overlap } from '../../../../local/host/ranges.ts';
import { routesInUse } from '../../../../local/host/network-in-use.ts';

describe('overlap()', () => {
  for (const [one, other, expected] of [
    ['10.232.0.0/16', '10.232.7.0/24', true],
    ['10.232.0.0/16', '10.0.0.0/8', true],
    ['10.231.0.0/24', '10.231.0.255', true],
    ['10.231.0.0/24', '10.231.1.0', false],
    ['10.232.0.0/16', '10.233.0.0/16', false],
    ['0.0.0.0/0', '255.255.255.255', true],
  ] as const)
    it(`is ${expected} for ${one} and ${other}`, () => {
      assert.equal(overlap(one, other), expected);
      assert.equal(overlap(other, one), expected);
    });

  it('holds for any address and any range around it', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc.tuple(byte, byte, byte, byte),
        fc.integer({ min: 0, max: 32 }),
        (bytes, length) => overlap(bytes.join('.'), `${bytes.join('.')}/${length}`),
      ),
    );
  });
});

describe('routesInUse()', () => {
  it('names the range, the route and the device', () => {
    const routes = [
      { dst: 'default', dev: 'eth0' },
      { dst: '10.232.0.0/15', dev: 'tun0' },
    ];

    assert.deepEqual(routesInUse(routes), [
      'network range 10.232.0.0/16 is in use: route to 10.232.0.0/15 by tun0',
      'network range 10.233.0.0/16 is in use: route to 10.232.0.0/15 by tun0',
    ]);
  });

  it('does not mind the default route, and routes elsewhere', () => {
    assert.deepEqual(routesInUse([{ dst: '0.0.0.0/0' }, { dst: '192.168.0.0/16' }]), []);
  });
});
