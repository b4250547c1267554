import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';

import { silentNodes } from '../../../../../receivers/rtt-aggregator/core/silent.ts';
import { createMeshBook } from '../../../../../receivers/rtt-aggregator/core/mesh-book.ts';
import {
  followNodes,
  type FollowedNodes,
} from '../../../../../receivers/rtt-aggregator/edge/follow-nodes.ts';
import { createReceiver } from '../../../../../receivers/rtt-aggregator/receiver.ts';
import { configSchema } from '../../../../../receivers/rtt-aggregator/schema.ts';
import { createKubeClient } from '../../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../../receivers/shared/wall-clock.ts';
import { eventually } from '../../../../support/eventually.ts';
import { until } from '../../../../support/until.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../../shared/kubernetes/fake-api-server.ts';
import { place, report, startMs } from '../tally.ts';

const clock = createWallClock(processClocks);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const node = (name: string) => ({
  metadata: {
    name,
    resourceVersion: '2',
    labels: { 'topology.kubernetes.io/zone': 'west' },
  },
});

describe('nodes that Kubernetes knows', () => {
  let server: FakeApiServer;
  let streams: { readonly path: string; readonly response: ServerResponse }[];

  beforeEach(async () => {
    streams = [];
    server = await startFakeApiServer(({ url }, response) => {
      if (url.searchParams.has('watch')) {
        response.flushHeaders();
        return void streams.push({ path: url.pathname, response });
      }
      const items = url.pathname === '/api/v1/nodes' ? [node('a'), node('b')] : [];
      json(response, 200, { metadata: { resourceVersion: '1' }, items });
    });
  });
  afterEach(() => {
    for (const { response } of streams) response.destroy();
    server.stop();
  });

  const send = (type: string, name: string) =>
    streams
      .find(({ path }) => path === '/api/v1/nodes')
      ?.response.write(`${JSON.stringify({ type, object: node(name) })}\n`);

  it('are followed as they come and go, and silent where no pinger is heard', async () => {
    const stop = new AbortController();
    const client = createKubeClient(server.connection, clock);
    const followed: FollowedNodes = followNodes({ client, clock, log: quiet, signal: stop.signal });
    const names = () => Array.from(followed.places(), (each) => each.node);
    await until(() => names().length === 2 && streams.length === 1);
    send('ADDED', 'c');
    send('DELETED', 'b');
    await until(() => names().join() === 'a,c');
    const book = createMeshBook(200);
    for (const atMs of [startMs, startMs + 30_000]) {
      for (const each of followed.places()) book.expect(each, atMs);
      book.take(report(place('a')), 0, atMs);
    }
    stop.abort();
    await followed.ended;

    assert.deepEqual(silentNodes(book.roster, startMs + 30_000), ['c']);
    assert.deepEqual(book.roster.zones(), ['west']);
  });

  for (const [nodes, many] of [
    [true, 2],
    [false, 0],
  ] as const)
    it(`are ${nodes ? '' : 'not '}nodes of the mesh without a pinger where pingers.nodes is ${nodes}`, async () => {
      const receiver = createReceiver({
        config: configSchema.parse({
          pingers: { service: { namespace: 'x', name: 'y' }, nodes },
          interval: '1s',
          port: 0,
        }),
        client: createKubeClient(server.connection, clock),
        clock,
        reporter: { instance: 'test', namespace: 'test' },
        log: quiet,
        onVerdict: () => undefined,
      });
      const { port } = await receiver.start();
      try {
        await eventually(
          async () => {
            assert.equal(streams.length, nodes ? 2 : 1);
            const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
            assert.match(text, new RegExp(`^kube_latency_rtt_aggregator_nodes ${many}$`, 'm'));
          },
          { everyMs: 50, withinMs: 10_000 },
        );
      } finally {
        for (const { response } of streams) response.destroy();
        await receiver.shutdown();
      }
    });
});
