import assert from 'node:assert/strict';

import {
  nodePlace,
  podPlace,
  slicePlaces,
} from '../../../../../receivers/rtt-pinger/core/kube-objects.ts';
import { peersOf } from '../../../../../receivers/rtt-pinger/core/kube-peers.ts';

const node = (name: string, addresses: readonly string[], zone?: string) => ({
  metadata: { name, labels: zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone } },
  status: {
    addresses: [
      { type: 'Hostname', address: name },
      ...addresses.map((address) => ({ type: 'InternalIP', address })),
    ],
  },
});

const pod = (more: object = {}, status: object = {}) => ({
  metadata: { name: 'web-0', namespace: 'shop', ...more },
  spec: { nodeName: 'worker' },
  status: { phase: 'Running', podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }], ...status },
});

const rules = { nodes: true, families: 'both' } as const;

describe('peersOf', () => {
  it('takes each address of a node and of a pod, by ids of their own, in the zone of the node', () => {
    const peers = peersOf(
      {
        nodes: nodePlace(node('worker', ['192.0.2.1', '2001:db8::1'], 'a'), 'rack'),
        pods: podPlace(pod()),
      },
      rules,
    );

    assert.deepEqual(
      peers.map(({ id, address, node: on, zone }) => [id, address, on, zone]),
      [
        ['node/worker', '192.0.2.1', 'worker', 'a'],
        ['node/worker/6', '2001:db8::1', 'worker', 'a'],
        ['pod/shop/web-0', '10.0.0.7', 'worker', 'a'],
        ['pod/shop/web-0/6', 'fd00::7', 'worker', 'a'],
      ],
    );
  });

  it('takes the rack of a node, and of the pods on it, by the label that is named', () => {
    const labels = { 'example.com/rack': 'r7' };
    const object = { ...node('worker', ['192.0.2.1']), metadata: { name: 'worker', labels } };
    const racks = (label: string): string[] =>
      peersOf({ nodes: nodePlace(object, label), pods: podPlace(pod()) }, rules).map(
        ({ rack }) => rack,
      );

    assert.deepEqual(racks('example.com/rack'), ['r7', 'r7', 'r7']);
    assert.deepEqual(racks(''), ['', '', '']);
  });

  it('takes the first address alone, and no nodes, where asked to', () => {
    const places = {
      nodes: nodePlace(node('worker', ['192.0.2.1']), 'rack'),
      pods: podPlace(pod()),
    };
    const peers = peersOf(places, { nodes: false, families: 'first' });

    assert.deepEqual(
      peers.map(({ address }) => address),
      ['10.0.0.7'],
    );
  });

  const slicePod = (address: string, port: number) => ({
    namespace: 'shop',
    pod: 'web-0',
    node: 'worker',
    zone: 'b',
    addresses: [address],
    port,
  });
  const slices = [
    slicePod('fd00::7', 8080),
    slicePod('10.0.0.7', 8080),
    slicePod('fd00::7', 9090),
    slicePod('10.0.0.7', 9090),
  ];

  it('tells the addresses and the ports of a pod apart that is in several slices', () => {
    const peers = peersOf({ nodes: [], pods: slices }, rules);

    assert.deepEqual(
      peers.map(({ id, address, port }) => [id, address, port]),
      [
        ['pod/shop/web-0:8080/6', 'fd00::7', 8080],
        ['pod/shop/web-0:8080', '10.0.0.7', 8080],
        ['pod/shop/web-0:9090/6', 'fd00::7', 9090],
        ['pod/shop/web-0:9090', '10.0.0.7', 9090],
      ],
    );
  });

  it('takes the IPv4 address where one is wanted, whichever slice came first, and IPv6 where it is alone', () => {
    const pods = [...slices, { ...slicePod('fd00::8', 8080), pod: 'web-1' }];
    const peers = peersOf({ nodes: [], pods }, { nodes: false, families: 'first' });

    assert.deepEqual(
      peers.map(({ address, port }) => [address, port]),
      [
        ['10.0.0.7', 8080],
        ['10.0.0.7', 9090],
        ['fd00::8', 8080],
      ],
    );
  });

  it('takes the first of several addresses of a family', () => {
    const places = {
      nodes: nodePlace(node('worker', ['192.0.2.1', '192.0.2.2']), 'rack'),
      pods: [],
    };

    assert.equal(peersOf(places, rules).length, 1);
  });
});

describe('podPlace', () => {
  for (const [title, object] of [
    ['that is about to end', pod({ deletionTimestamp: '2026-01-01T00:00:00Z' })],
    ['that has ended', pod({}, { phase: 'Succeeded' })],
    ['without an address yet', pod({}, { podIPs: [], podIP: '' })],
    ['without an address at all', pod({}, { podIPs: undefined })],
  ] as const)
    it(`takes no pod ${title}`, () => {
      assert.deepEqual(podPlace(object), []);
    });
});

describe('slicePlaces', () => {
  const slice = (endpoint: object, more: object = {}) => ({
    metadata: { name: 'web-x', namespace: 'shop' },
    addressType: 'IPv4',
    ports: [
      { port: 53, protocol: 'UDP' },
      { port: 8080, protocol: 'TCP' },
    ],
    endpoints: [{ addresses: ['10.0.0.7'], nodeName: 'worker', zone: 'b', ...endpoint }],
    ...more,
  });

  it('takes an endpoint with its pod, node, zone and first TCP port', () => {
    const object = slice({ targetRef: { kind: 'Pod', namespace: 'shop', name: 'web-0' } });

    assert.deepEqual(slicePlaces(object), [
      {
        namespace: 'shop',
        pod: 'web-0',
        node: 'worker',
        zone: 'b',
        addresses: ['10.0.0.7'],
        port: 8080,
      },
    ]);
  });

  for (const [title, object] of [
    ['that is not ready', slice({ conditions: { ready: false } })],
    ['that terminates', slice({ conditions: { ready: true, terminating: true } })],
    ['that is a name', slice({}, { addressType: 'FQDN' })],
    ['of an empty slice', slice({}, { endpoints: null })],
  ] as const)
    it(`takes no endpoint ${title}`, () => {
      assert.deepEqual(slicePlaces(object), []);
    });
});
