import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';

import type { VerdictChange } from '../../../../receivers/rtt-aggregator/core/verdicts.ts';
import { createReceiver, type Receiver } from '../../../../receivers/rtt-aggregator/receiver.ts';
import { configSchema } from '../../../../receivers/rtt-aggregator/schema.ts';
import { matrixReport } from '../../../../receivers/shared/mesh/matrix-report.ts';
import { stretchesKept, stretchMs } from '../../../../receivers/shared/mesh/tally-limits.ts';
import { createWallClock, processClocks } from '../../../../receivers/shared/wall-clock.ts';
import { eventually } from '../../../support/eventually.ts';
import { place, report, row } from './tally.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const soon = { everyMs: 50, withinMs: 15_000 };
const zones: Readonly<Record<string, string>> = { a: 'east', b: 'east', c: 'west' };

describe('the aggregator', function () {
  this.timeout(30_000);
  let receiver: Receiver | undefined;
  let changes: VerdictChange[];
  const servers: Server[] = [];
  beforeEach(() => (changes = []));
  afterEach(async () => {
    await receiver?.shutdown();
    receiver = undefined;
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A pinger on a node that has done the same in every stretch. */
  async function pinger(node: string, lossOf: (to: string) => number): Promise<string> {
    const others = Object.entries(zones).filter(([name]) => name !== node);
    const rows = others.map(([name], index) => row(index, 5, 5 * lossOf(name)));
    const destinations = others.map(([name, zone]) => place(name, zone));
    const server = createServer(({ url }, response) => {
      const after = Number(new URL(url ?? '', 'http://pinger').searchParams.get('after'));
      const current = Math.floor(Date.now() / stretchMs);
      const stretches = Array.from({ length: stretchesKept - 1 }, (_, index) => ({
        number: current - stretchesKept + 1 + index,
        rows,
      })).filter(({ number }) => number > after);
      response.end(JSON.stringify(report(place(node, zones[node]), { destinations, stretches })));
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function aggregator(values: object): Receiver {
    receiver = createReceiver({
      config: configSchema.parse({ interval: '1s', port: 0, ...values }),
      client: undefined,
      clock: createWallClock(processClocks),
      reporter: { instance: 'test', namespace: 'test' },
      log: quiet,
      onVerdict: (change) => changes.push(change),
    });
    return receiver;
  }

  it('tells every ordered pair, and a dead node as a node, on all its ways out', async () => {
    const urls = await Promise.all(
      ['a', 'b'].map((node) => pinger(node, (to) => (to === 'c' ? 1 : 0))),
    );
    const { port } = await aggregator({ pingers: { static: urls } }).start();

    await eventually(() => assert.equal(changes.length, 1), soon);
    const text = await scrape(port);
    const matrix = matrixReport.parse(
      await (await fetch(`http://127.0.0.1:${port}/matrix`)).json(),
    );

    assert.deepEqual(changes[0]?.verdict.kind === 'node' && changes[0].verdict.node, 'c');
    assert.match(text, /\nkube_latency_rtt_blame_ratio\{kind="node",node="c"\} 1\n/);
    for (const name of ['latency_between_nodes', 'delay'])
      assert.deepEqual(
        [...text.matchAll(new RegExp(`^${name}\\{from="(.)",to="(.)"\\} 1$`, 'gm'))].map(
          ([, from, to]) => `${from}${to}`,
        ),
        ['ab', 'ba'],
      );
    assert.match(
      text,
      /kube_latency_rtt_zone_loss_ratio\{source_zone="east",destination_zone="west"\} 1\n/,
    );
    assert.match(text, /kube_latency_rtt_aggregator_pingers\{state="heard"\} 2\n/);
    assert.deepEqual(
      matrix.verdicts.map((verdict) => verdict.kind === 'node' && verdict.node),
      ['c'],
    );
    assert.equal(matrix.pairs.length, 4);
    assert.equal(matrix.protocol, 'icmp');
  });

  it('tells zones where there are more nodes than it keeps by pair, and no series of pairs', async () => {
    const urls = await Promise.all(Object.keys(zones).map((node) => pinger(node, () => 0)));
    const { port } = await aggregator({ pingers: { static: urls }, maxNodes: 2 }).start();

    await eventually(async () => {
      const text = await scrape(port);
      assert.doesNotMatch(text, /latency_between_nodes/);
      assert.match(
        text,
        /kube_latency_rtt_zone_delay_seconds\{source_zone="west",destination_zone="east"\} 0\.001\n/,
      );
    }, soon);
  });

  it('goes on being scraped where no pinger answers', async () => {
    const { port } = await aggregator({ pingers: { static: ['http://127.0.0.1:9'] } }).start();

    await eventually(async () => {
      const text = await scrape(port);
      assert.match(text, /fetches_total\{outcome="failed",error_type="refused"\} [1-9]/);
      assert.match(text, /aggregator_pingers\{state="silent"\} 1\n/);
    }, soon);
    for (const path of ['healthz', 'readyz'])
      assert.equal((await fetch(`http://127.0.0.1:${port}/${path}`)).status, 200);
  });

  it('does not begin where its port is taken, and can be shut down before it began, and twice', async () => {
    const server = createTcpServer().listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const subject = aggregator({ port, pingers: { static: ['http://127.0.0.1:9'] } });

    await assert.rejects(subject.start(), { name: 'StartupError', message: /EADDRINUSE/ });
    await subject.shutdown();
    await subject.shutdown();
    server.close();
  });
});

async function scrape(port: number): Promise<string> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  // Every line is a comment or a series with a number: one that is not breaks the whole scrape.
  for (const line of text.split('\n').slice(0, -1))
    assert.match(line, /^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{.*\})? -?[\d.]+(e[+-]\d+)?)$/);
  return text;
}
