import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';

import type { Pinger } from '../../../../../receivers/rtt-aggregator/core/pingers.ts';
import {
  followPingers,
  type FollowedPingers,
} from '../../../../../receivers/rtt-aggregator/edge/follow-pingers.ts';
import { createKubeClient } from '../../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../../receivers/shared/wall-clock.ts';
import { until } from '../../../../support/until.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../../shared/kubernetes/fake-api-server.ts';

const clock = createWallClock(processClocks);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const endpoint = (name: string, address: string, conditions: object = { ready: true }) => ({
  addresses: [address],
  nodeName: `node-${name}`,
  zone: 'west',
  conditions,
  targetRef: { kind: 'Pod', name, namespace: 'kube-latency' },
});
const slice = (name: string, addressType: string, endpoints: readonly object[]) => ({
  metadata: { name, namespace: 'kube-latency', resourceVersion: '2' },
  addressType,
  ports: [
    { name: 'ping', port: 8080 },
    { name: 'metrics', port: 2112 },
  ],
  endpoints,
});

describe('followPingers', () => {
  let server: FakeApiServer;
  let stop: AbortController;
  let followed: FollowedPingers;
  let told: (readonly Pinger[])[];
  let stream: ServerResponse | undefined;

  beforeEach(async () => {
    stop = new AbortController();
    told = [];
    stream = undefined;
    server = await startFakeApiServer(({ url }, response) => {
      if (url.searchParams.has('watch')) {
        response.flushHeaders();
        stream = response;
        return;
      }
      json(response, 200, {
        metadata: { resourceVersion: '1' },
        items: [
          slice('v4', 'IPv4', [
            endpoint('one', '10.0.0.1'),
            endpoint('two', '10.0.0.2', { ready: false }),
            endpoint('ends', '10.0.0.3', { terminating: true }),
          ]),
          slice('v6', 'IPv6', [endpoint('one', 'fd00::1'), endpoint('six', 'fd00::6')]),
        ],
      });
    });
    followed = followPingers({
      service: { namespace: 'kube-latency', name: 'rtt-pinger', port: 'metrics' },
      client: createKubeClient(server.connection, clock),
      clock,
      log: quiet,
      signal: stop.signal,
      onPingers: (pingers) => told.push(pingers),
    });
    await until(() => told.length > 0 && stream !== undefined);
  });
  afterEach(async () => {
    stop.abort();
    stream?.destroy();
    await followed.ended;
    server.stop();
  });

  const urls = (): string[] => (told.at(-1) ?? []).map(({ url }) => url);

  it('tells each pinger once, with its node and zone, those too that are not ready, but none that ends', () => {
    assert.deepEqual(urls(), [
      'http://10.0.0.1:2112',
      'http://10.0.0.2:2112',
      'http://[fd00::6]:2112',
    ]);
    assert.equal(told[0]?.[0]?.place?.node, 'node-one');
    assert.equal(told[0]?.[0]?.place?.zone, 'west');
    const [selector] = server.taken.map(({ url }) => url.searchParams.get('labelSelector'));
    assert.equal(selector, 'kubernetes.io/service-name=rtt-pinger');
    assert.equal(followed.problem(), undefined);
  });

  it('follows slices that change and that go', async () => {
    const changed = slice('v4', 'IPv4', [endpoint('new', '10.0.0.9')]);
    stream?.write(`${JSON.stringify({ type: 'MODIFIED', object: changed })}\n`);
    await until(() => urls().includes('http://10.0.0.9:2112'));
    assert.ok(!urls().includes('http://10.0.0.2:2112'));

    stream?.write(`${JSON.stringify({ type: 'DELETED', object: changed })}\n`);
    await until(() => !urls().includes('http://10.0.0.9:2112'));
    assert.deepEqual(urls(), ['http://[fd00::1]:2112', 'http://[fd00::6]:2112']);
  });
});
