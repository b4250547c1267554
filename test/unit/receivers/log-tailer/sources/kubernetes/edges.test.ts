import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';

import { askKubernetes } from '../../../../../../receivers/log-tailer/sources/kubernetes/ask.ts';
import { followKubernetes } from '../../../../../../receivers/log-tailer/sources/kubernetes/follow.ts';
import { createKubeClient } from '../../../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../../../receivers/shared/wall-clock.ts';
import { until } from '../../../../../support/until.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../../../shared/kubernetes/fake-api-server.ts';
import { nodeObject, podObject } from './objects.ts';

const clock = createWallClock(processClocks);
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const pod = { namespace: 'default', name: '' };

describe('the API of Kubernetes as a source', () => {
  let server: FakeApiServer;
  let streams: { readonly path: string; readonly response: ServerResponse }[];
  let refused: string | undefined;
  let nodes: object[];

  beforeEach(async () => {
    streams = [];
    refused = undefined;
    nodes = [nodeObject({ ready: { status: 'False', since: 10 }, taints: ['NoSchedule'] })];
    server = await startFakeApiServer(({ url }, response) => {
      if (url.pathname === refused)
        return json(response, 403, { kind: 'Status', message: 'nodes is forbidden' });
      if (url.searchParams.has('watch')) {
        response.flushHeaders();
        return void streams.push({ path: url.pathname, response });
      }
      const items = url.pathname.endsWith('/pods')
        ? [podObject({ name: 'web', scheduled: 12 })]
        : nodes;
      json(response, 200, { metadata: { resourceVersion: '1' }, items });
    });
  });
  afterEach(() => {
    for (const { response } of streams) response.destroy();
    server.stop();
  });

  const send = (path: string, object: object) =>
    streams
      .find((stream) => stream.path === path)
      ?.response.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);

  function followed() {
    const stop = new AbortController();
    const client = createKubeClient(server.connection, clock);
    let changes = 0;
    const onChange = () => void changes++;
    const { signal } = stop;
    const source = followKubernetes({
      node: 'worker-1',
      pod,
      client,
      clock,
      log,
      signal,
      onChange,
    });
    const events = () => source.evidence().occurrences.map(({ event }) => event);
    return {
      source,
      events,
      changes: () => changes,
      end: async () => {
        stop.abort();
        await source.ended;
        client.close();
      },
    };
  }

  it('is followed: the node alone, and the pods on it', async () => {
    const { source, events, changes, end } = followed();
    assert.match(source.evidence().reports[0]?.problem ?? '', /has not answered yet$/);
    await until(() => streams.length === 2);
    const before = changes();

    send('/api/v1/nodes', nodeObject({ ready: { status: 'True', since: 18 } }));
    send('/api/v1/namespaces/default/pods', podObject({ name: 'web', scheduled: 12, ready: 25 }));
    await until(() => events().length === 6);
    await end();

    assert.deepEqual(events().toSorted(), [
      'kubelet_registered',
      'node_ready',
      'node_schedulable',
      'pod_created',
      'pod_ready',
      'pod_scheduled',
    ]);
    assert.equal(changes() - before, 2);
    assert.deepEqual(
      [
        ...new Set(server.taken.map(({ url }) => String(url.searchParams.get('fieldSelector')))),
      ].toSorted(),
      ['metadata.name=worker-1', 'spec.nodeName=worker-1'],
    );
  });

  it('says why it is not heard, and is heard once it may be', async () => {
    refused = '/api/v1/nodes';
    const { source, events, end } = followed();
    await until(() => source.evidence().reports[0]?.problem === 'nodes is forbidden');

    refused = undefined;
    await until(() => events().includes('kubelet_registered'));
    await end();

    assert.equal(source.evidence().reports[0]?.problem, undefined);
  });

  it('says that the node is not there', async () => {
    nodes = [];
    const { source, end } = followed();

    await until(() => source.evidence().reports[0]?.problem === 'there is no node worker-1');
    await end();
  });

  it('is asked once, without a watch', async () => {
    const client = createKubeClient(server.connection, clock);
    const { signal } = new AbortController();

    const { occurrences, facts, reports } = await askKubernetes({
      node: 'worker-1',
      pod,
      client,
      signal,
    });
    client.close();

    assert.deepEqual(
      occurrences.map(({ event }) => event),
      ['kubelet_registered', 'pod_created', 'pod_scheduled'],
    );
    assert.equal(facts.instanceId, 'i-0681ec41ddb32ba4e');
    assert.equal(reports[0]?.problem, undefined);
    assert.deepEqual(streams, []);
  });

  it('says, asked once, that it was refused', async () => {
    refused = '/api/v1/nodes';
    const client = createKubeClient(server.connection, clock);
    const { signal } = new AbortController();

    const { reports } = await askKubernetes({ node: 'worker-1', pod, client, signal });
    client.close();

    assert.deepEqual(reports, [{ source: 'K8s', problem: 'nodes is forbidden' }]);
  });
});
