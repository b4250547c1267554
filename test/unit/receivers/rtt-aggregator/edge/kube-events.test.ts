import assert from 'node:assert/strict';

import type { EventObject } from '../../../../../receivers/shared/kubernetes/event-object.ts';
import type { VerdictChange } from '../../../../../receivers/rtt-aggregator/core/verdicts.ts';
import {
  createKubeEvents,
  type KubeEvents,
} from '../../../../../receivers/rtt-aggregator/edge/kube-events.ts';
import { createKubeClient } from '../../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../../receivers/shared/wall-clock.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../../shared/kubernetes/fake-api-server.ts';

const clock = createWallClock(processClocks);
const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

const node = (name: string, kind: VerdictChange['kind'] = 'appeared'): VerdictChange => ({
  kind,
  verdict: { kind: 'node', node: name, loss: 0.987, sinceMs: 1 },
});

describe('createKubeEvents', () => {
  let server: FakeApiServer;
  let events: KubeEvents;
  let warnings: object[];
  let there: Set<string>;
  let refuse: boolean;
  let now: number;
  let steady: number;

  beforeEach(async () => {
    there = new Set();
    warnings = [];
    refuse = false;
    now = nowMs;
    steady = 0;
    server = await startFakeApiServer(({ method, body }, response) => {
      if (refuse) return json(response, 403, { kind: 'Status', message: 'forbidden' });
      if (method === 'PATCH') return json(response, 200, {});
      const { name } = (JSON.parse(body) as EventObject).metadata;
      if (there.has(name)) return json(response, 409, { kind: 'Status', message: 'exists' });
      there.add(name);
      json(response, 201, {});
    });
    events = createKubeEvents({
      client: createKubeClient(server.connection, clock),
      reporter: { instance: 'rtt-aggregator-1', namespace: 'kube-latency' },
      log: {
        debug: () => {},
        info: () => {},
        warn: (fields) => warnings.push(fields),
        error: () => {},
      },
      signal: new AbortController().signal,
      nowMs: () => now,
      steadyMs: () => steady,
    });
  });
  afterEach(() => server.stop());

  async function tell(...changes: readonly VerdictChange[]): Promise<void> {
    for (const change of changes) events.tell(change);
    await events.settled();
  }

  const created = (): EventObject[] =>
    server.taken
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body) as EventObject);

  it('tells a node’s verdict as an event about the node', async () => {
    await tell(node('worker'));

    const [request] = server.taken;
    assert.equal(request?.url.pathname, '/apis/events.k8s.io/v1/namespaces/default/events');
    const [event] = created();
    assert.deepEqual(
      { ...event, metadata: undefined },
      {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: undefined,
        eventTime: '2026-01-02T03:04:05.678000Z',
        reportingController: 'kube-latency/rtt-aggregator',
        reportingInstance: 'rtt-aggregator-1',
        action: 'Probing',
        reason: 'RttNodeLossy',
        regarding: { apiVersion: 'v1', kind: 'Node', name: 'worker', uid: 'worker' },
        note: 'node worker: 99 % of the probes are lost, and this explains it best',
        type: 'Warning',
      },
    );
    assert.deepEqual([...events.outcomes()], [['told', 1]]);
  });

  it('tells a link’s about the node that sends, zones’ about the namespace, and what cleared as normal', async () => {
    const link = { kind: 'link', from: 'a', to: 'b', loss: 1, sinceMs: 1 } as const;
    await tell(
      { kind: 'appeared', verdict: link },
      { kind: 'cleared', verdict: link },
      { kind: 'appeared', verdict: { ...link, kind: 'zones' } },
    );

    assert.deepEqual(
      created().map(({ reason, type, regarding, related }) => [
        reason,
        type,
        `${regarding.kind} ${regarding.name}`,
        related?.name,
      ]),
      [
        ['RttLinkLossy', 'Warning', 'Node a', 'b'],
        ['RttLinkLossyCleared', 'Normal', 'Node a', 'b'],
        ['RttZonesLossy', 'Warning', 'Namespace kube-latency', undefined],
      ],
    );
  });

  it('makes a series of what it tells again', async () => {
    await tell(node('worker'), node('worker'), node('worker'));

    const patches = server.taken.filter(({ method }) => method === 'PATCH');
    assert.equal(there.size, 1);
    assert.ok(patches[0]?.url.pathname.endsWith(`/events/${[...there][0]}`));
    assert.equal(patches[0]?.headers['content-type'], 'application/merge-patch+json');
    assert.deepEqual(
      patches.map(({ body }) => (JSON.parse(body) as { series: { count: number } }).series.count),
      [2, 3],
    );
  });

  it('holds back what comes too thick, and tells again later', async () => {
    await tell(...Array.from({ length: 30 }, (_, index) => node(`n${index}`)));
    assert.deepEqual(
      new Map(events.outcomes()),
      new Map([
        ['told', 20],
        ['held_back', 10],
      ]),
    );

    steady += 30_000;
    await tell(node('x'), node('y'), node('z'));

    assert.equal(events.outcomes().get('told'), 22);
  });

  for (const [title, byMs] of [
    ['back', -3_600_000],
    ['forth', 3_600_000],
  ] as const)
    it(`holds back as much where the wall clock is set ${title}`, async () => {
      await tell(...Array.from({ length: 20 }, (_, index) => node(`n${index}`)));
      now += byMs;
      await tell(...Array.from({ length: 20 }, (_, index) => node(`m${index}`)));

      assert.equal(events.outcomes().get('told'), 20);
    });

  it('counts what is refused, and logs it once', async () => {
    refuse = true;
    await tell(node('a'), node('b'));

    assert.equal(events.outcomes().get('failed'), 2);
    assert.equal(warnings.length, 1);
  });
});
