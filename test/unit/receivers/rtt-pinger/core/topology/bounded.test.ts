import assert from 'node:assert/strict';

import { wantedOf } from '../../../../../../receivers/rtt-pinger/core/target.ts';
import { createBoundedMesh } from '../../../../../../receivers/rtt-pinger/core/topology/bounded.ts';
import { peer } from '../../peers.ts';

const rules = {
  plan: { steady: 4, sweep: 2 },
  suspicion: { confirmations: 2, most: 5, perRound: 3 },
};
const names = Array.from({ length: 30 }, (_, index) => `node-${index}`);
const zoneOf = (name: string): string => `zone-${Number(name.slice(5)) % 3}`;
const targets = names.map((name) =>
  wantedOf(peer(name, '192.0.2.1', { zone: zoneOf(name) }), 'icmp', 0),
);

function meshOf(name: string) {
  const others = targets.filter((target) => target.peer.name !== name);
  return createBoundedMesh(others, { name, zone: zoneOf(name) }, rules);
}

describe('createBoundedMesh', () => {
  it('fits together with what all the other members compute for themselves', () => {
    const probedBy = new Map<string, number>();
    for (const name of names) {
      const { steady, once } = meshOf(name).round(7);
      for (const { peer: probed } of [...steady, ...once])
        probedBy.set(probed.name, (probedBy.get(probed.name) ?? 0) + 1);
    }

    assert.equal(probedBy.size, names.length);
    assert.equal(new Set(probedBy.values()).size, 1);
  });

  it('probes again who lost a probe, in the same round as others, and tells who is at fault', () => {
    const mesh = meshOf('node-0');
    const [target] = targets.slice(9, 10);
    assert.ok(target);
    for (let probe = 0; probe < 3; probe++) mesh.note(target, true);
    const { once, convicted } = mesh.round(0);

    assert.ok(once.some((each) => each.peer.name === 'node-9'));
    assert.deepEqual([...convicted], [target.key]);
  });
});
