import assert from 'node:assert/strict';

import { wantedOf, type Wanted } from '../../../../receivers/rtt-pinger/core/target.ts';
import { membersOf } from '../../../../receivers/rtt-pinger/core/topology/members.ts';
import { createMesh, type Mesh } from '../../../../receivers/rtt-pinger/mesh.ts';
import { until } from '../../../support/until.ts';
import { peer } from './peers.ts';

const self = { node: 'here', namespace: '', pod: '', zone: 'zone-0' };
const limits = { full: 200, probesPerSecond: 20 };

function targets(many: number): Wanted[] {
  return Array.from({ length: many }, (_, index) =>
    (['icmp', 'tcp'] as const).map((protocol) =>
      wantedOf(peer(`node-${index}`, '192.0.2.1', { zone: `zone-${index % 3}` }), protocol, 0),
    ),
  ).flat();
}

function follow(mesh: Mesh, all: readonly Wanted[], intervalMs: number): void {
  const peers = [...new Set(all.map(({ peer: each }) => each))];
  mesh.follow(all, membersOf(peers, all, self), intervalMs);
}

describe('createMesh', () => {
  const { now } = Date;
  let mesh: Mesh;
  let steady: readonly Wanted[];
  let once: readonly Wanted[];
  let intervals: (number | undefined)[];
  let rounds: ReadonlySet<string>[];
  let sent: number;
  let logged: string[];
  beforeEach(() => {
    [steady, once, intervals, rounds, sent, logged] = [[], [], [], [], 0, []];
    mesh = createMesh({
      loop: {
        follow: (list, intervalMs) => {
          steady = list;
          intervals.push(intervalMs);
        },
        once: (list) => {
          once = list;
          sent += list.length;
        },
      },
      limits,
      log: { info: (fields, message) => logged.push(`${message} ${JSON.stringify(fields)}`) },
      onRound: (convicted) => rounds.push(convicted),
    });
  });
  afterEach(() => {
    Date.now = now;
    mesh.stop();
  });

  it('probes all targets of all protocols while there are few', () => {
    const few = targets(10);

    follow(mesh, few, 1000);

    assert.equal(steady, few);
    assert.deepEqual(once, []);
    assert.deepEqual(intervals, [1000]);
    assert.equal(mesh.state().full, true);
  });

  it('probes as many as the budget allows while there are many, each by all protocols in turn', () => {
    follow(mesh, targets(1000), 1000);

    assert.equal(mesh.state().followed, 2000);
    assert.ok(once.length > 0 && steady.length + once.length <= 20);
    assert.deepEqual([mesh.state().full, mesh.state().roundMs], [false, 1000]);

    follow(mesh, targets(12), 1000);
    const probed = new Set([...steady, ...once].map(({ protocol }) => protocol));

    assert.equal(mesh.state().full, false);
    assert.deepEqual([...probed], ['icmp']);
  });

  it('begins a round at once when the targets change, and then one in each', async () => {
    follow(mesh, targets(1000), 20);
    const before = rounds.length;
    mesh.start();
    await until(() => rounds.length >= before + 2);

    assert.equal(before, 1);
    assert.equal(mesh.state().roundMs, 200);
    assert.equal(intervals.at(-1), 200);
  });

  it('names who is at fault, with its round, and none in a full mesh', async () => {
    const many = targets(1000);
    follow(mesh, many, 20);
    const [suspect] = many;
    assert.ok(suspect);
    for (let probe = 0; probe < 6; probe++) mesh.note(suspect, true);
    mesh.start();
    await until(() => (rounds.at(-1)?.size ?? 0) > 0);

    assert.deepEqual([...mesh.state().convicted], [suspect.key]);

    follow(mesh, targets(1), 1000);
    for (let probe = 0; probe < 6; probe++) mesh.note(suspect, true);
    await until(() => rounds.at(-1)?.size === 0);

    assert.deepEqual(mesh.state().convicted, new Set());
  });

  it('sends what a round has once, however often the targets change in it, and keeps who is at fault', () => {
    const many = targets(1000);
    const intervalMs = 60_000;
    Date.now = () => 1_700_000_000_000;
    follow(mesh, many, intervalMs);
    const first = sent;
    const [suspect] = many;
    assert.ok(suspect);
    for (let probe = 0; probe < 6; probe++) mesh.note(suspect, true);
    for (let change = 1; change <= 50; change++) follow(mesh, many.slice(0, -change), intervalMs);

    assert.ok(first > 0);
    assert.equal(sent, first);
    assert.deepEqual([...mesh.state().convicted], [suspect.key]);

    follow(mesh, many.slice(2), intervalMs);

    assert.deepEqual([...mesh.state().convicted], []);
  });

  it('says once that the plan begins, and why, and that it ends', () => {
    follow(mesh, targets(100), 60_000);
    assert.deepEqual(logged, []);

    follow(mesh, targets(101), 60_000);
    follow(mesh, targets(102), 60_000);
    assert.equal(logged.length, 1);
    assert.match(logged[0] ?? '', /plan.* more than mesh.full allows .*"targets":202/);

    follow(mesh, targets(10), 1000);
    follow(mesh, targets(11), 1000);
    assert.equal(logged.length, 3);
    assert.match(logged[2] ?? '', /budget.probesPerSecond/);
    assert.match(logged[1] ?? '', /all targets are probed again/);
  });

  it('holds a success for fresh until the next turn has come', () => {
    follow(mesh, targets(5), 1000);
    assert.equal(mesh.state().freshMs, 3000);

    // 199 steps, 10 a round, by two protocols in turn.
    follow(mesh, targets(200), 1000);
    assert.equal(mesh.state().freshMs, (20 * 2 + 2) * 1000);
  });
});
