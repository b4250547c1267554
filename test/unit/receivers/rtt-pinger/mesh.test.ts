import assert from 'node:assert/strict';

import { wantedOf, type Wanted } from '../../../../receivers/rtt-pinger/core/target.ts';
import { createMesh, type Mesh } from '../../../../receivers/rtt-pinger/mesh.ts';
import { until } from '../../../support/until.ts';
import { peer } from './peers.ts';

const self = { name: 'here', zone: 'zone-0' };
const limits = { full: 200, probesPerSecond: 20 };

function targets(many: number): Wanted[] {
  return Array.from({ length: many }, (_, index) =>
    (['icmp', 'tcp'] as const).map((protocol) =>
      wantedOf(peer(`node-${index}`, '192.0.2.1', { zone: `zone-${index % 3}` }), protocol, 0),
    ),
  ).flat();
}

describe('createMesh', () => {
  let mesh: Mesh;
  let steady: readonly Wanted[];
  let once: readonly Wanted[];
  let intervals: (number | undefined)[];
  let rounds: ReadonlySet<string>[];
  beforeEach(() => {
    [steady, once, intervals, rounds] = [[], [], [], []];
    mesh = createMesh({
      loop: {
        follow: (list, intervalMs) => {
          steady = list;
          intervals.push(intervalMs);
        },
        once: (list) => {
          once = list;
        },
      },
      limits,
      protocol: 'icmp',
      onRound: (convicted) => rounds.push(convicted),
    });
  });
  afterEach(() => mesh.stop());

  it('probes all targets of all protocols while there are few', () => {
    const few = targets(10);

    assert.equal(mesh.follow(few, self, 1000), few);
    assert.equal(steady, few);
    assert.deepEqual(once, []);
    assert.deepEqual(intervals, [1000]);
    assert.equal(mesh.state().full, true);
  });

  it('probes as many of the first protocol as the budget allows while there are many', () => {
    const probed = mesh.follow(targets(1000), self, 1000);

    assert.deepEqual([...new Set(probed.map(({ protocol }) => protocol))], ['icmp']);
    assert.equal(probed.length, 1000);
    assert.equal(steady.length, 6);
    assert.ok(once.length > 0 && steady.length + once.length <= 20);
    assert.deepEqual([mesh.state().full, mesh.state().roundMs], [false, 1000]);
  });

  it('begins a round at once when the targets change, and then one in each', async () => {
    mesh.follow(targets(1000), self, 20);
    const before = rounds.length;
    mesh.start();
    await until(() => rounds.length >= before + 2);

    assert.equal(before, 1);
    assert.equal(mesh.state().roundMs, 200);
    assert.equal(intervals.at(-1), 200);
  });

  it('names who is at fault, with its round, and none in a full mesh', async () => {
    const many = targets(1000);
    mesh.follow(many, self, 20);
    const [suspect] = many;
    assert.ok(suspect);
    for (let probe = 0; probe < 6; probe++) mesh.note(suspect, true);
    mesh.start();
    await until(() => (rounds.at(-1)?.size ?? 0) > 0);

    assert.deepEqual([...mesh.state().convicted], [suspect.key]);

    mesh.follow(targets(1), self, 1000);
    for (let probe = 0; probe < 6; probe++) mesh.note(suspect, true);
    await until(() => rounds.at(-1)?.size === 0);

    assert.deepEqual(mesh.state().convicted, new Set());
  });
});
