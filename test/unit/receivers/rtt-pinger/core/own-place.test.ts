import assert from 'node:assert/strict';

import { ownPlace, placePeers } from '../../../../../receivers/rtt-pinger/core/own-place.ts';
import { peer } from '../peers.ts';

const unknown = { zone: '', rack: '' };

describe('ownPlace', () => {
  const onIt = peer('web-0', '192.0.2.1', { node: 'here', zone: 'slice', pod: 'web-0' });

  for (const [title, configured, told, peers, zone] of [
    ['what is configured', { zone: 'set', rack: '' }, { zone: 'told', rack: '' }, [onIt], 'set'],
    ['what the API server says of the node', unknown, { zone: 'told', rack: '' }, [onIt], 'told'],
    ['what a peer on it says before that', unknown, undefined, [onIt], 'slice'],
    [
      'nothing of a peer elsewhere',
      unknown,
      undefined,
      [peer('b', '192.0.2.2', { zone: 'b' })],
      '',
    ],
  ] as const)
    it(`takes ${title}`, () => {
      assert.equal(ownPlace('here', { configured, told, peers }).zone, zone);
    });

  it('takes no peer without a node for one on its own, where that is not known', () => {
    const nowhere = peer('web-0', '192.0.2.1', { node: '', zone: 'b', pod: 'web-0' });

    assert.deepEqual(
      ownPlace('', { configured: unknown, told: undefined, peers: [nowhere] }),
      unknown,
    );
  });
});

describe('placePeers', () => {
  it('puts the peers on the own node into its zone and rack, and leaves the others', () => {
    const peers = [
      peer('web-0', '192.0.2.1', { node: 'here', pod: 'web-0' }),
      peer('web-1', '192.0.2.2', { node: 'there', zone: 'b', rack: 'r9', pod: 'web-1' }),
      peer('web-2', '192.0.2.3', { node: '', pod: 'web-2' }),
    ];
    const placed = placePeers(peers, 'here', { zone: 'a', rack: 'r1' });

    assert.deepEqual(
      placed.map(({ zone, rack }) => [zone, rack]),
      [
        ['a', 'r1'],
        ['b', 'r9'],
        ['', ''],
      ],
    );
  });
});
