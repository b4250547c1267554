import assert from 'node:assert/strict';

import { networkName } from '../../../../../receivers/shared/mesh/network-name.ts';
import { ofNetwork } from '../../../../../receivers/shared/mesh/of-network.ts';
import type { Family } from '../../../../../receivers/shared/metrics/families.ts';

const family: Family = {
  name: 'kube_latency.rtt.loss',
  unit: '1',
  kind: 'gauge',
  description: 'Share lost',
  points: [{ labels: { node: 'a' }, value: 1 }],
};

describe('ofNetwork()', () => {
  it('says of each point which network it is of, as often as the points are gone through', () => {
    const [named] = ofNetwork([family], 'pods');

    assert.ok(named);
    for (const points of [[...named.points], [...named.points]])
      assert.deepEqual(points, [
        { labels: { node: 'a', 'kube_latency.rtt.network': 'pods' }, value: 1 },
      ]);
  });

  it('makes points as they are gone through, and no sooner', () => {
    let made = 0;
    const points = {
      *[Symbol.iterator]() {
        made++;
        yield { labels: {}, value: 1 };
      },
    };

    const [named] = ofNetwork([{ ...family, points }], 'pods');

    assert.equal(made, 0);
    assert.equal([...(named?.points ?? [])].length, 1);
  });

  it('leaves families as they are where the network has no name', () => {
    assert.deepEqual(ofNetwork([family], ''), [family]);
  });
});

describe('networkName', () => {
  it('takes names, and none', () => {
    for (const name of ['', 'pods', 'nodes', 'net-2']) assert.equal(networkName.parse(name), name);
    assert.equal(networkName.parse(undefined), '');
  });

  for (const name of ['Pods', '-a', 'a b', 'a'.repeat(64)])
    it(`refuses '${name.slice(0, 8)}'`, () => {
      assert.equal(networkName.safeParse(name).success, false);
    });
});
