import assert from 'node:assert/strict';

import {
  wantedOf,
  type Peer,
  type Protocol,
  type Wanted,
} from '../../../../../../receivers/rtt-pinger/core/target.ts';
import { targetsOf } from '../../../../../../receivers/rtt-pinger/core/targets.ts';
import {
  createBoundedMesh,
  type BoundedMesh,
} from '../../../../../../receivers/rtt-pinger/core/topology/bounded.ts';
import { membersOf } from '../../../../../../receivers/rtt-pinger/core/topology/members.ts';
import { peer } from '../../peers.ts';

const rules = { plan: { steady: 4, sweep: 2 }, suspects: 3, restRounds: 10 };
const suspicion = { confirmations: 2, most: 5 };
const ports = { tcp: 1, http: 2, udp: 3 };

const nodes = Array.from({ length: 30 }, (_, index) =>
  peer(`node-${index}`, `192.0.2.${index}`, { zone: `zone-${index % 3}` }),
);
/** The pods that a node has, and those of a service: three on each of them. */
const pods = nodes.flatMap(({ node, zone }, index) =>
  ['a', 'b', 'c'].map((name) =>
    peer(`${name}-${index}`, `198.51.100.${index}`, {
      id: `pod/shop/${name}-${index}`,
      namespace: 'shop',
      pod: `${name}-${index}`,
      node,
      zone,
    }),
  ),
);
const dual = nodes.flatMap((each, index) => [
  each,
  { ...each, id: `${each.id}/2`, address: `2001:db8::${index}` },
]);
const file = nodes.map(({ address }, index) =>
  peer(`web-${index}`, address, { id: `file/web-${index}`, node: '', pod: `web-${index}` }),
);

interface As {
  readonly protocols?: readonly Protocol[];
  readonly pod?: string;
}

/** The mesh as one of the nodes computes it for itself. */
function meshOf(peers: readonly Peer[], index: number, as: As = {}) {
  const self = { node: `node-${index}`, namespace: 'shop', pod: as.pod ?? `pinger-${index}` };
  const { protocols = ['icmp'] } = as;
  const { targets } = targetsOf(peers, { protocols, ports, self });
  const membership = membersOf(peers, targets, { ...self, zone: `zone-${index % 3}` });
  const mesh = createBoundedMesh(suspicion);
  mesh.follow(membership, rules);
  return { mesh, targets, membership, self };
}

function played(mesh: BoundedMesh, number: number): Wanted[] {
  return [...mesh.steady(), ...mesh.round(number)];
}

describe('createBoundedMesh', () => {
  for (const [title, peers, name] of [
    ['nodes', nodes, (of: Peer) => of.node],
    ['pods, several on a node', pods, (of: Peer) => of.node],
    ['nodes and pods together', [...nodes, ...pods], (of: Peer) => of.node],
    ['addresses of two families', dual, (of: Peer) => of.node],
    ['peers of a file that knows no nodes', file, (of: Peer) => of.name],
  ] as const)
    it(`fits together with what all the other members compute for themselves: ${title}`, () => {
      const probedBy = new Map<string, number>();
      for (let index = 0; index < nodes.length; index++) {
        const { mesh, membership } = meshOf(peers, index, { pod: `web-${index}` });
        for (const { peer: probed } of played(mesh, 7))
          if (name(probed) !== membership.self)
            probedBy.set(name(probed), (probedBy.get(name(probed)) ?? 0) + 1);
      }

      assert.equal(probedBy.size, nodes.length);
      assert.equal(new Set(probedBy.values()).size, 1);
    });

  for (const [title, peers, as] of [
    ['several pods on a node, those of the own node, too', pods, {}],
    ['nodes and pods together', [...nodes, ...pods], {}],
    ['both addresses of each node', dual, {}],
    ['all protocols', nodes, { protocols: ['icmp', 'udp', 'tcp', 'http'] }],
    ['peers of a file', file, { pod: 'web-4' }],
    ['a few nodes with many pods', pods.slice(0, 9), {}],
    ['the own node’s pods alone', pods.slice(12, 15), {}],
  ] as const satisfies readonly (readonly [string, readonly Peer[], As])[])
    it(`probes every target within the rounds that it states, and within its budget: ${title}`, () => {
      const { mesh, targets } = meshOf(peers, 4, as);
      const left = new Set(targets.map(({ key }) => key));
      for (let round = 0; round < mesh.roundsToAll(); round++) {
        const probes = played(mesh, 100 + round);
        assert.ok(probes.length <= 4 + 2 + 3, `${probes.length} probes in a round`);
        for (const { key } of probes) left.delete(key);
      }

      assert.ok(targets.length > 0);
      assert.deepEqual([...left], []);
    });

  it('uses the budget where there are few nodes with many pods', () => {
    const { mesh } = meshOf(pods.slice(0, 9), 0);

    assert.ok(played(mesh, 0).length >= 6);
  });

  it('probes again who lost a probe, in the same round as others, and tells who is at fault', () => {
    const { mesh, targets } = meshOf(nodes, 0);
    const target = targets.find((each) => each.peer.name === 'node-9');
    assert.ok(target);
    mesh.note(target, true);

    assert.ok(mesh.round(0).some((each) => each.peer.name === 'node-9'));
    for (let probe = 0; probe < 2; probe++) mesh.note(target, true);
    assert.deepEqual([...mesh.convicted()], [target.key]);
  });

  it('keeps who is at fault when others come and go, and forgets who left', () => {
    const { mesh, targets, self } = meshOf(nodes, 0);
    const followed = (peers: readonly Peer[]): void => {
      const now = targetsOf(peers, { protocols: ['icmp'], ports, self });
      mesh.follow(membersOf(peers, now.targets, { ...self, zone: 'zone-0' }), rules);
    };
    const faulty = targets.slice(0, 2);
    for (const each of faulty) for (let probe = 0; probe < 3; probe++) mesh.note(each, true);
    followed([...nodes.slice(0, 25), peer('new', '192.0.2.99')]);
    assert.deepEqual(
      [...mesh.convicted()],
      faulty.map(({ key }) => key),
    );

    followed(nodes.filter(({ name }) => name !== faulty[0]?.peer.name));

    assert.deepEqual([...mesh.convicted()], [faulty[1]?.key]);
  });
});

describe('membersOf', () => {
  const self = { node: 'node-1', namespace: 'shop', pod: 'web-1', zone: 'z' };
  const nameOf = (peers: readonly Peer[], of = self): string => membersOf(peers, [], of).self;

  for (const [title, peers, of, expected] of [
    ['its node among nodes', nodes, self, 'node-1'],
    ['its pod’s name in a file, also where its node is known', file, self, 'web-1'],
    ['its pod’s name for a file that leaves it out', file.slice(2), self, 'web-1'],
    ['its node among nodes and the peers of a file', [...file, ...nodes], self, 'node-1'],
    ['the node of its pod where nobody told it', pods, { ...self, node: '', pod: 'a-3' }, 'node-3'],
    ['its node where there is nobody else', [], self, 'node-1'],
  ] as const)
    it(`has for oneself the name that the others use: ${title}`, () => {
      assert.equal(nameOf(peers, of), expected);
    });

  it('takes the zone of a node from whichever of its peers has one', () => {
    const target = wantedOf(peer('node-9', '192.0.2.1'), 'icmp', 0);
    const zoned = peer('web', '192.0.2.9', { node: 'node-9', pod: 'web', zone: 'zone-9' });
    const { members } = membersOf([target.peer, zoned], [target], self);

    assert.deepEqual(
      members.map(({ name, zone, targets }) => [name, zone, targets.length]),
      [
        ['node-9', 'zone-9', 1],
        ['node-1', 'z', 0],
      ],
    );
  });
});
