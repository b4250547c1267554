import assert from 'node:assert/strict';

import { isSelf, targetsOf } from '../../../../../receivers/rtt-pinger/core/targets.ts';
import { peer } from '../peers.ts';

const nobody = { node: '', namespace: '', pod: '' };
const ports = { tcp: 1, http: 2, udp: 3 };

describe('targetsOf', () => {
  it('takes every peer by every protocol, by its own port where it has one', () => {
    const targets = targetsOf([peer('a', '192.0.2.1'), peer('b', '192.0.2.2', { port: 9 })], {
      protocols: ['icmp', 'udp', 'http'],
      ports,
      self: nobody,
    });

    assert.deepEqual(
      targets.map(({ peer: { name }, protocol, port }) => `${name} ${protocol} ${port}`),
      ['a icmp 1', 'a udp 3', 'a http 2', 'b icmp 9', 'b udp 3', 'b http 9'],
    );
  });

  it('takes a peer once that two sources name, and not oneself', () => {
    const peers = [peer('a', '192.0.2.1'), peer('a', '192.0.2.1'), peer('me', '192.0.2.3')];
    const rules = { protocols: ['tcp'], ports, self: { ...nobody, node: 'me' } } as const;

    assert.deepEqual(
      targetsOf(peers, rules).map((target) => target.peer.name),
      ['a'],
    );
  });
});

describe('isSelf', () => {
  const self = { node: 'worker', namespace: 'default', pod: 'pinger-1' };
  const pod = (name: string, namespace: string) =>
    peer(name, '192.0.2.1', { pod: name, namespace, node: 'worker' });

  for (const [title, candidate, expected] of [
    ['its own node', peer('worker', '192.0.2.1'), true],
    ['another node with the same address', peer('worker2', '192.0.2.1'), false],
    ['its own pod', pod('pinger-1', 'default'), true],
    ['its own pod from a file, which knows no namespace', pod('pinger-1', ''), true],
    ['a pod of its name elsewhere', pod('pinger-1', 'other'), false],
    [
      'another pod of its node, which on the node’s network has its address',
      pod('web', 'default'),
      false,
    ],
  ] as const)
    it(`${expected ? 'knows' : 'does not skip'} ${title}`, () => {
      assert.equal(isSelf(candidate, self), expected);
    });
});
