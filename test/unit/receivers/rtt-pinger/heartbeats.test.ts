import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { createReceiver, type Receiver } from '../../../../receivers/rtt-pinger/receiver.ts';
import { configSchema } from '../../../../receivers/rtt-pinger/schema.ts';
import { settingsOf } from '../../../../receivers/rtt-pinger/settings.ts';
import { createKubeClient } from '../../../../receivers/shared/kubernetes/client.ts';
import { tallyReport } from '../../../../receivers/shared/mesh/tally-report.ts';
import { createWallClock, processClocks } from '../../../../receivers/shared/wall-clock.ts';
import { eventually } from '../../../support/eventually.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
} from '../shared/kubernetes/fake-api-server.ts';

const clock = createWallClock(processClocks);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const perSecond = 200;

/** Of every hundred nodes one refuses. */
const node = (index: number, more: object = {}) => ({
  metadata: { name: `node-${index}`, resourceVersion: '1' },
  status: {
    addresses: [{ type: 'InternalIP', address: index % 100 === 7 ? '127.0.0.2' : '127.0.0.1' }],
    ...more,
  },
});

describe('the heartbeats of 1,000 nodes', () => {
  let server: FakeApiServer;
  let listening: Server;
  let watch: ServerResponse | undefined;
  let receiver: Receiver;
  let port: number;
  before(async () => {
    listening = createServer((socket) => socket.on('error', () => undefined).resume());
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    server = await startFakeApiServer(({ url }, response) => {
      if (url.searchParams.has('watch')) {
        response.flushHeaders();
        watch = response;
        return;
      }
      const items = Array.from({ length: 1000 }, (_, index) => node(index));
      json(response, 200, { metadata: { resourceVersion: '1' }, items });
    });
    const { port: tcp } = listening.address() as AddressInfo;
    receiver = createReceiver({
      config: settingsOf(
        configSchema.parse({
          protocols: ['tcp'],
          interval: '100ms',
          timeout: '500ms',
          ports: { ping: 0, metrics: 0, udp: 0, tcp },
          budget: { probesPerSecond: perSecond },
          peers: { kubernetes: { nodes: true } },
        }),
      ),
      client: createKubeClient(server.connection, clock),
      clock,
      self: { node: 'node-0', namespace: '', pod: 'pinger' },
      log: quiet,
      trace: () => undefined,
    });
    ({ metricsPort: port } = await receiver.start());
  });
  after(async () => {
    await receiver.shutdown();
    watch?.destroy();
    server.stop();
    listening.close();
  });

  async function sent(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    // Those of rollups, which all pairs are in.
    return [...text.matchAll(/rtt_probes_total\{(?!.*destination_node).*\} (\d+)/g)]
      .map(([, count]) => Number(count))
      .reduce((sum, count) => sum + count, 0);
  }

  async function convicted(): Promise<(string | undefined)[]> {
    const answer = await fetch(`http://127.0.0.1:${port}/tally`);
    const report = tallyReport.parse(await answer.json());
    return report.convicted.map((place) => report.destinations[place]?.node);
  }

  it('cost no probes beyond the budget, and do not make it forget who is at fault', async () => {
    const guilty = await eventually(
      async () => {
        const found = await convicted();
        assert.ok(found.length > 0);
        return found;
      },
      { everyMs: 50, withinMs: 20_000 },
    );
    const [before, beginMs] = [await sent(), performance.now()];
    for (let index = 0; index < 1000; index++) {
      const object = node(index, { conditions: [{ lastHeartbeatTime: String(index) }] });
      watch?.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);
      // Longer than changes are gathered for, 25 times.
      if (index % 40 === 0) await delay(60);
    }
    const seconds = (performance.now() - beginMs) / 1000;
    const probes = (await sent()) - before;
    const still = new Set(await convicted());

    assert.ok(probes > 0 && probes <= perSecond * (seconds + 0.5), `${probes} in ${seconds} s`);
    assert.deepEqual(
      guilty.filter((each) => !still.has(each)),
      [],
    );
  });
});
