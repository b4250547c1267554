import assert from 'node:assert/strict';

import { createReceiver, type Receiver } from '../../../../receivers/rtt-pinger/receiver.ts';
import { configSchema } from '../../../../receivers/rtt-pinger/schema.ts';
import { settingsOf } from '../../../../receivers/rtt-pinger/settings.ts';
import { createKubeClient } from '../../../../receivers/shared/kubernetes/client.ts';
import { createWallClock, processClocks } from '../../../../receivers/shared/wall-clock.ts';
import { eventually } from '../../../support/eventually.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../shared/kubernetes/fake-api-server.ts';

const clock = createWallClock(processClocks);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const pod = (name: string, nodeName: string) => ({
  metadata: { name, namespace: 'shop', resourceVersion: '1' },
  spec: { nodeName },
  status: { phase: 'Running', podIPs: [{ ip: '127.0.0.1' }] },
});

describe("the pinger's own zone", () => {
  let server: FakeApiServer;
  let receiver: Receiver;
  let ownLabels: Readonly<Record<string, string>>;
  beforeEach(async () => {
    ownLabels = {};
    server = await startFakeApiServer(({ url }, response) => {
      if (url.searchParams.has('watch')) return response.flushHeaders();
      const nodes = [
        { metadata: { name: 'here', labels: ownLabels } },
        { metadata: { name: 'there', labels: { 'topology.kubernetes.io/zone': 'zone-b' } } },
      ];
      const pods = [pod('beside', 'here'), pod('away', 'there')];
      const items = url.pathname === '/api/v1/nodes' ? nodes : pods;
      json(response, 200, { metadata: { resourceVersion: '1' }, items });
    });
  });
  afterEach(async () => {
    await receiver.shutdown();
    server.stop();
  });

  /** From which zone to which, by pod. */
  async function zones(values: object): Promise<Record<string, string>> {
    const config = configSchema.parse({
      protocols: ['tcp'],
      ports: { ping: 0, metrics: 0, udp: 0 },
      peers: { kubernetes: { pods: [{}] } },
      ...values,
    });
    const client = createKubeClient(server.connection, clock);
    const self = { node: 'here', namespace: 'shop', pod: 'pinger' };
    receiver = createReceiver({
      config: settingsOf(config),
      client,
      clock,
      self,
      log: quiet,
      trace: () => undefined,
    });
    const { metricsPort } = await receiver.start();
    return eventually(
      async () => {
        const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
        const found = [
          ...text.matchAll(
            /rtt_late_total\{.*source_zone="(.*?)".*destination_zone="(.*?)".*destination_pod="(.*?)"/g,
          ),
        ];
        assert.equal(found.length, 2);
        return Object.fromEntries(found.map(([, from, to, name]) => [name, `${from} > ${to}`]));
      },
      { everyMs: 20, withinMs: 8000 },
    );
  }

  it('is that of its node, and of the pods beside it', async () => {
    ownLabels = { 'topology.kubernetes.io/zone': 'zone-a' };

    assert.deepEqual(await zones({}), { beside: 'zone-a > zone-a', away: 'zone-a > zone-b' });
  });

  it('is what is configured, also for the pods beside it, where the node has no label', async () => {
    assert.deepEqual(await zones({ zone: 'zone-s' }), {
      beside: 'zone-s > zone-s',
      away: 'zone-s > zone-b',
    });
  });
});
