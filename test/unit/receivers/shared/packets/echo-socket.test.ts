import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { StampSource } from '../../../../../receivers/shared/packets/datagram-socket.ts';
import {
  openEchoSocket,
  type EchoSocket,
} from '../../../../../receivers/shared/packets/echo-socket.ts';
import { loadLibc, type Libc } from '../../../../../receivers/shared/packets/libc.ts';
import { socketAddress } from '../../../../../receivers/shared/packets/socket-address.ts';
import { inOwnNetwork, mayMakeNetworks } from '../../../../support/own-network.ts';

describe('openEchoSocket', function () {
  let libc: Libc;

  before(async function () {
    if (!mayMakeNetworks) this.skip();
    const loaded = await loadLibc();
    assert.equal(loaded.kind, 'loaded');
    libc = loaded.libc;
  });

  for (const [family, address] of [
    [4, '198.18.0.1'],
    [6, '2001:2::1'],
  ] as const)
    for (const stamps of ['kernel', 'user'] as const)
      it(`measures an IPv${family} echo by the ${stamps}'s stamps`, () =>
        inOwnNetwork(async () => {
          const socket = open({ family, stamps });
          assert.equal(socket.stamps, stamps);

          const rttNs = await roundTrip(socket, address);
          socket.close();

          assert.ok(rttNs > 0 && rttNs < 1e9, `${rttNs} ns`);
        }));

  it('says what forbids it where the group may not ping', () =>
    inOwnNetwork(async () => {
      const answer = openEchoSocket(libc, { family: 4 });

      assert.equal(answer.kind, 'refused');
      assert.match(answer.why, /EACCES.*ping_group_range/);
    }, '1 0'));

  it('gives the error number of what cannot be sent', () =>
    inOwnNetwork(async () => {
      const socket = open({ family: 4, stamps: 'kernel' });
      const { errno } = socket.send(addressOf('192.0.2.1'), 1);
      socket.close();

      assert.equal(errno, 101);
    }));

  it('sees only replies to its own requests', () =>
    inOwnNetwork(async () => {
      const [ours, other] = [
        open({ family: 4, stamps: 'kernel' }),
        open({ family: 4, stamps: 'kernel' }),
      ];
      other.send(addressOf('198.18.0.1'), 7);
      await wait(5);
      const seen = ours.receive(() => undefined);
      const seenByOther = other.receive(() => undefined);
      ours.close();
      other.close();

      assert.deepEqual([seen, seenByOther], [0, 1]);
    }));

  it('goes on reading after the memory that nothing else refers to was collected', () =>
    inOwnNetwork(async () => {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      const socket = open({ family: 4, stamps: 'kernel' });
      let replies = 0;
      for (let round = 0; round < 4; round++) {
        Array.from({ length: 100 }, () => Buffer.alloc(4096, 0xff));
        collect();
        for (let number = 0; number < 100; number++) socket.send(addressOf('198.18.0.1'), number);
        await wait(1);
        replies += socket.receive(() => undefined);
      }
      socket.close();

      assert.equal(replies, 400);
    }));

  it('leaves no descriptor behind', () =>
    inOwnNetwork(async () => {
      const before = readdirSync('/proc/self/fd').length;
      for (const stamps of ['kernel', 'user'] as const) {
        const socket = open({ family: 4, stamps });
        await roundTrip(socket, '198.18.0.1');
        socket.close();
        socket.close();
      }
      await wait(5);

      assert.equal(readdirSync('/proc/self/fd').length, before);
    }));

  function open(options: { family: 4 | 6; stamps: StampSource }): EchoSocket {
    const answer = openEchoSocket(libc, options);
    assert.equal(answer.kind, 'open');
    return answer.socket;
  }
});

function addressOf(text: string): Buffer {
  const bytes = socketAddress(text);
  assert.ok(bytes);
  return bytes;
}

async function roundTrip(socket: EchoSocket, address: string): Promise<number> {
  const number = 0x7edcba98;
  const { atNs, errno } = socket.send(addressOf(address), number);
  assert.equal(errno, 0);
  for (let attempt = 0; attempt < 500; attempt++) {
    await wait(2);
    let rttNs: number | undefined;
    socket.receive((replied, receivedNs) => {
      assert.equal(replied, number);
      rttNs = receivedNs - atNs;
    });
    if (rttNs !== undefined) return rttNs;
  }
  throw new Error('no reply within a second');
}
