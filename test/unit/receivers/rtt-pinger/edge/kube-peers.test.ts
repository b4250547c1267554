import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import type { Peer } from '../../../../../receivers/rtt-pinger/core/target.ts';
import {
  followKubePeers,
  type KubePeers,
  type KubeSelection,
} from '../../../../../receivers/rtt-pinger/edge/kube-peers.ts';
import { createKubeClient } from '../../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../../receivers/shared/wall-clock.ts';
import { until } from '../../../../support/until.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../../shared/kubernetes/fake-api-server.ts';

const clock = createWallClock(processClocks);
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const node = (name: string) => ({
  metadata: {
    name,
    resourceVersion: '2',
    labels: { 'topology.kubernetes.io/zone': `zone-${name}` },
  },
  status: { addresses: [{ type: 'InternalIP', address: `192.0.2.${name.length}` }] },
});

describe('followKubePeers', () => {
  let server: FakeApiServer;
  let stop: AbortController;
  let kube: KubePeers;
  let refuse: boolean;
  let items: readonly object[];
  const streams: { readonly path: string; readonly response: ServerResponse }[] = [];
  let told: (readonly Peer[])[];

  beforeEach(async () => {
    stop = new AbortController();
    streams.length = 0;
    told = [];
    refuse = false;
    items = [node('a'), node('bb')];
    server = await startFakeApiServer(({ url }, response) => {
      if (url.searchParams.has('watch')) {
        response.flushHeaders();
        return void streams.push({ path: url.pathname, response });
      }
      if (refuse && url.pathname.includes('endpointslices'))
        return json(response, 403, { kind: 'Status', message: 'forbidden' });
      const listed = url.pathname === '/api/v1/nodes' ? items : [];
      json(response, 200, { metadata: { resourceVersion: '1' }, items: listed });
    });
  });
  afterEach(async () => {
    stop.abort();
    for (const { response } of streams) response.destroy();
    await kube.ended;
    server.stop();
  });

  function follow(
    pods: KubeSelection['pods'] = [{ namespace: 'shop', labels: { app: 'web' } }],
  ): void {
    kube = followKubePeers({
      selection: {
        nodes: true,
        pods,
        services: [{ namespace: 'shop', name: 'web' }],
        families: 'both',
      },
      rackLabel: 'rack',
      client: createKubeClient(server.connection, clock),
      clock,
      log: silent,
      signal: stop.signal,
      onPeers: (peers) => told.push(peers),
    });
  }

  function send(path: string, type: string, object: object): void {
    const stream = streams.find((each) => each.path === path);
    stream?.response.write(`${JSON.stringify({ type, object })}\n`);
  }

  const names = (): string[] => (told.at(-1) ?? []).map(({ name }) => name);

  it('tells the peers once all collections are listed, by the selectors that were asked for', async () => {
    follow();
    await until(() => told.length > 0);
    const selectors = server.taken.map(({ url }) => url.searchParams.get('labelSelector'));

    assert.deepEqual(names(), ['a', 'bb']);
    assert.ok(selectors.includes('app=web'));
    assert.ok(selectors.includes('kubernetes.io/service-name=web'));
    assert.equal(kube.problem(), undefined);
    assert.equal(kube.nodeOf('bb')?.zone, 'zone-bb');
  });

  it('follows what is added and removed', async () => {
    follow();
    await until(() => streams.length === 3 && told.length > 0);
    send('/api/v1/nodes', 'ADDED', node('ccc'));
    send('/api/v1/namespaces/shop/pods', 'ADDED', {
      metadata: { name: 'web-0', namespace: 'shop', resourceVersion: '3' },
      spec: { nodeName: 'ccc' },
      status: { phase: 'Running', podIPs: [{ ip: '192.0.2.99' }] },
    });
    await until(() => names().length === 4);

    assert.deepEqual(told.at(-1)?.find(({ pod }) => pod === 'web-0')?.zone, 'zone-ccc');

    send('/api/v1/nodes', 'DELETED', node('a'));
    await until(() => names().length === 3);

    assert.deepEqual(names(), ['bb', 'ccc', 'web-0']);
  });

  it('asks by labels and selector, and leaves pods of other namespaces out where there is a list of namespaces', async () => {
    follow([{ namespaces: ['shop'], labels: { app: 'web' }, selector: 'tier in (a,b)' }]);
    await until(() => streams.length === 3 && told.length > 0);
    for (const [index, namespace] of ['shop', 'other'].entries())
      send('/api/v1/pods', 'ADDED', {
        metadata: { name: `web-${index}`, namespace, resourceVersion: '3' },
        spec: { nodeName: 'a' },
        status: { phase: 'Running', podIPs: [{ ip: `192.0.2.9${index}` }] },
      });
    await until(() => names().length === 3);

    assert.deepEqual(names(), ['a', 'bb', 'web-0']);
    const asked = server.taken.find(({ url }) => url.pathname === '/api/v1/pods');
    assert.equal(asked?.url.searchParams.get('labelSelector'), 'app=web,tier in (a,b)');
  });

  it('tells nothing when 1,000 nodes write their status and nothing else about them changes', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => node(`n${index}`));
    items = many;
    follow();
    await until(() => streams.length === 3 && told.length > 0);
    for (const [index, each] of many.entries()) {
      // Longer than events are gathered for.
      if (index % 250 === 0) await delay(80);
      const conditions = [{ type: 'Ready', lastHeartbeatTime: `2026-01-01T00:00:00.${index}Z` }];
      const metadata = { ...each.metadata, resourceVersion: `${index + 3}` };
      send('/api/v1/nodes', 'MODIFIED', {
        ...each,
        metadata,
        status: { ...each.status, conditions },
      });
    }
    send('/api/v1/nodes', 'ADDED', node('last'));
    await until(() => names().includes('last'));

    assert.equal(told.length, 2);
  });

  it('tells nothing while a collection is refused, and says so; a part is not taken for all', async () => {
    refuse = true;
    follow();
    await until(() => streams.length === 2);

    assert.match(kube.problem() ?? '', /not listed yet/);
    assert.deepEqual(told, []);

    refuse = false;
    await until(() => told.length > 0);

    assert.equal(kube.problem(), undefined);
  });
});
