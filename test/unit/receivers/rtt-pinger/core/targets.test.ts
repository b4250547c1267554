import assert from 'node:assert/strict';

import { isSelf, targetsOf } from '../../../../../receivers/rtt-pinger/core/targets.ts';
import { peer } from '../peers.ts';

const nobody = { node: '', namespace: '', pod: '' };
const ports = { tcp: 1, http: 2, udp: 3 };

describe('targetsOf', () => {
  it('takes every peer by every protocol, by its own port where it has one', () => {
    const { targets } = targetsOf([peer('a', '192.0.2.1'), peer('b', '192.0.2.2', { port: 9 })], {
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

    const { targets, leftOut } = targetsOf(peers, rules);
    assert.deepEqual(
      targets.map((target) => target.peer.name),
      ['a'],
    );
    assert.equal(leftOut, 1);
  });

  it('takes a pod once that a file names by its name and address, and Kubernetes with its place', () => {
    const inFile = (name: string, port: number) =>
      peer(name, '192.0.2.1', { id: `file/${name}`, node: '', pod: name, port });
    const placed = peer('web', '192.0.2.1', {
      id: 'pod/shop/web',
      namespace: 'shop',
      pod: 'web',
      node: 'worker',
    });
    const elsewhere = { ...placed, id: 'pod/other/web', namespace: 'other' };
    const peers = [inFile('web', 2), inFile('web-1', 2), placed, elsewhere];
    const { targets, leftOut } = targetsOf(peers, {
      protocols: ['icmp', 'http'],
      ports,
      self: nobody,
    });

    assert.deepEqual(
      targets.map(({ peer: { id }, protocol }) => `${protocol} ${id}`),
      ['file/web-1', 'pod/shop/web', 'pod/other/web'].flatMap((id) => [`icmp ${id}`, `http ${id}`]),
    );
    assert.equal(leftOut, 2);
  });

  it('takes a service at a port of its own besides', () => {
    const at = (id: string, port: number) => peer('web', '192.0.2.1', { id, pod: 'web', port });
    const rules = { protocols: ['http', 'icmp'], ports, self: nobody } as const;
    const { targets } = targetsOf([at('a', 80), at('b', 81)], rules);

    assert.deepEqual(
      targets.map(({ protocol, port }) => `${protocol} ${port}`),
      ['http 80', 'icmp 80', 'http 81'],
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
