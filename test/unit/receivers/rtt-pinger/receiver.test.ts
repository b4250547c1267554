import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { configSchema, type Config } from '../../../../receivers/rtt-pinger/schema.ts';
import { settingsOf } from '../../../../receivers/rtt-pinger/settings.ts';
import { createReceiver, type Receiver } from '../../../../receivers/rtt-pinger/receiver.ts';
import { tallyReport } from '../../../../receivers/shared/mesh/tally-report.ts';
import { createWallClock, processClocks } from '../../../../receivers/shared/wall-clock.ts';
import { eventually } from '../../../support/eventually.ts';
import { inOwnNetwork, mayMakeNetworks } from '../../../support/own-network.ts';

const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const soon = { everyMs: 20, withinMs: 8000 };

function ignore(): void {
  // The log is of no interest here.
}

describe('the pinger', () => {
  let folder: string;
  let receiver: Receiver | undefined;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-test-'));
  });
  afterEach(() => receiver?.shutdown());
  after(() => rm(folder, { recursive: true }));

  function pinger(values: object): Receiver {
    const config: Config = configSchema.parse({
      nodeName: 'here',
      interval: '20ms',
      timeout: '400ms',
      budget: { probesPerSecond: 10_000 },
      ...values,
      ports: { ping: 0, metrics: 0, udp: 0, ...(values as { ports?: object }).ports },
    });
    receiver = createReceiver({
      config: settingsOf(config),
      client: undefined,
      clock: createWallClock(processClocks),
      self: { node: 'here', namespace: '', pod: 'pinger' },
      log: quiet,
      trace: () => undefined,
    });
    return receiver;
  }

  it('answers pong, and probes itself by the file of peers, with the series of the network prober', async () => {
    const other = pinger({ protocols: ['http'] });
    const { pingPort: port } = await other.start();
    const file = await peersFile({ 'web-0': { ip: '127.0.0.1', port: String(port) } });
    const subject = pinger({ protocols: ['http'], peers: { file } });
    const { metricsPort, pingPort } = await subject.start();

    const pong = await (
      await fetch(`http://127.0.0.1:${pingPort}/ping`, { method: 'POST' })
    ).text();
    assert.equal(pong, 'pong\n');
    await eventually(async () => {
      const text = await scrape(metricsPort);
      assert.match(
        text,
        /netprober_interpod_latency_s_count\{dest_pod_name="web-0",dest_ip="127.0.0.1"\} [1-9]/,
      );
    }, soon);
    await other.shutdown();
  });

  it('takes a changed file at once, ends the series of who has gone, and keeps the old one where the new is wrong', async () => {
    const file = await peersFile({ one: { ip: '127.0.0.1', port: '1' } });
    const subject = pinger({ protocols: ['tcp'], peers: { file } });
    const { metricsPort } = await subject.start();
    await eventually(async () => assert.deepEqual(await pods(metricsPort), ['one']), soon);

    await peersFile({ two: { ip: '127.0.0.1', port: '1' } });
    await eventually(async () => assert.deepEqual(await pods(metricsPort), ['two']), soon);

    await writeFile(file, '{"endpointsMap": {"three"');
    await eventually(
      async () =>
        assert.match(await scrape(metricsPort), /kube_latency_rtt_config_errors_total 1\n/),
      soon,
    );
    assert.deepEqual(await pods(metricsPort), ['two']);
  });

  it('goes on being scraped while probes are lost, which have no latency', async function () {
    if (!mayMakeNetworks) this.skip();
    await inOwnNetwork(async () => {
      const subject = pinger({
        peers: {
          static: [
            { name: 'near', address: '198.18.0.1' },
            { name: 'lost', address: '203.0.113.1' },
          ],
        },
      });
      const { metricsPort } = await subject.start();
      await eventually(async () => {
        const text = await scrape(metricsPort);
        assert.match(text, /\nlatency_between_nodes\{from="here",to="near"\} [\d.e-]+\n/);
        assert.doesNotMatch(text, /latency_between_nodes\{.*to="lost"/);
        assert.match(
          text,
          /rtt_probes_total\{.*destination_node="lost".*error_type="timeout"\} [1-9]/,
        );
        assert.match(text, /rtt_loss_ratio\{.*destination_node="lost".*\} 1\n/);
        assert.match(text, /rtt_method_ratio\{protocol="icmp",method="icmp",stamps="kernel"\} 1\n/);
      }, soon);
      await subject.shutdown();
    });
  });

  it('measures by UDP between two of them', async () => {
    const subject = pinger({
      protocols: ['udp'],
      ports: { udp: 38_862 },
      peers: { static: [{ name: 'other', address: '127.0.0.1' }] },
    });
    const { metricsPort } = await subject.start();
    await eventually(async () => {
      const text = await scrape(metricsPort);
      for (const direction of ['out', 'back'])
        assert.match(
          text,
          new RegExp(`rtt_one_way_delay_seconds\\{.*direction="${direction}"\\} \\d`),
        );
      assert.match(text, /rtt_responses_total [1-9]/);
    }, soon);
  });

  it('probes many peers by the plan, tells zones, and pairs of their own where all is lost', async function () {
    if (!mayMakeNetworks) this.skip();
    await inOwnNetwork(async () => {
      const near = Array.from({ length: 20 }, (_, index) => ({
        name: `near-${index}`,
        address: `127.0.1.${index}`,
        zone: `zone-${index % 2}`,
      }));
      const subject = pinger({
        timeout: '400ms',
        mesh: { full: 10, steady: 3, sweep: 4, suspects: 2 },
        budget: { series: 100, probesPerSecond: 10_000 },
        peers: { static: [...near, { name: 'lost', address: '203.0.113.1', zone: 'zone-1' }] },
      });
      const { metricsPort } = await subject.start();
      await eventually(async () => {
        const text = await scrape(metricsPort);
        const pairs = [...text.matchAll(/rtt_probes_total\{.*destination_node="([\w-]+)"/g)];
        const zones = [
          ...text.matchAll(/rtt_duration_seconds_count\{.*destination_zone="([\w-]+)"\} [1-9]/g),
        ];

        assert.deepEqual([...new Set(pairs.map(([, name]) => name))], ['lost']);
        assert.deepEqual(new Set(zones.map(([, zone]) => zone)), new Set(['zone-0', 'zone-1']));
        assert.match(text, /rtt_targets 21\n/);
        assert.match(text, /rtt_targets_steady 3\n/);
        assert.match(text, /rtt_targets_left_out 0\n/);
      }, soon);
      await subject.shutdown();
    });
  });

  it('tells the mesh what it sent and lost, by stretches of the wall clock', async function () {
    if (!mayMakeNetworks) this.skip();
    await inOwnNetwork(async () => {
      const subject = pinger({
        zone: 'zone-0',
        rack: 'rack-0',
        timeout: '400ms',
        peers: {
          static: [
            { name: 'near', address: '198.18.0.1', zone: 'zone-1', rack: 'rack-1' },
            { name: 'lost', address: '203.0.113.1' },
          ],
        },
      });
      const { metricsPort } = await subject.start();
      const report = await eventually(
        async () => {
          const told = tallyReport.parse(await (await tally(metricsPort)).json());
          assert.ok(told.stretches.some(({ rows }) => rows.length === 2));
          return told;
        },
        { everyMs: 200, withinMs: 12_000 },
      );
      const { stretches, destinations, ...head } = report;

      assert.deepEqual(head, {
        version: 1,
        protocol: 'icmp',
        source: { node: 'here', zone: 'zone-0', rack: 'rack-0', namespace: '', pod: '' },
        full: true,
        intervalMs: 20,
        convicted: [],
      });
      const byNode = new Map(
        stretches.at(-1)?.rows.map(([place, ...row]) => [destinations[place]?.node, row]),
      );
      const [sent = 0, lost, timed, sumS = 0, minS, maxS] = byNode.get('near') ?? [];
      assert.ok(sent > 0 && lost === 0 && timed === sent);
      assert.ok((minS ?? 0) > 0 && (minS ?? 0) <= sumS / sent && sumS / sent <= (maxS ?? 0));
      const [sentInVain, ...rest] = byNode.get('lost') ?? [];
      assert.deepEqual(rest, [sentInVain, 0, 0, null, null, null]);
      assert.deepEqual(
        destinations.find(({ node }) => node === 'near'),
        { node: 'near', zone: 'zone-1', rack: 'rack-1', namespace: '', pod: '' },
      );

      const last = stretches.at(-1)?.number ?? 0;
      const next = tallyReport.parse(await (await tally(metricsPort, `?after=${last}`)).json());
      assert.ok(next.stretches.every(({ number }) => number > last));
      await subject.shutdown();
    });
  });

  it('refuses to tell what followed something that is no stretch', async () => {
    const { metricsPort } = await pinger({}).start();
    const answer = await tally(metricsPort, '?after=yesterday');

    assert.equal(answer.status, 400);
    assert.equal(await answer.text(), 'after: expected the number of a stretch, got "yesterday"\n');
  });

  it('is scraped as OpenMetrics by those who ask for it', async () => {
    const { metricsPort } = await pinger({}).start();
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, {
      headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' },
    });

    assert.match(answer.headers.get('content-type') ?? '', /^application\/openmetrics-text;/);
    assert.match(await answer.text(), /\n# EOF\n$/);
  });

  it('begins without peers where a file is wrong, and follows it when it is right', async () => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, '{}');

    const { metricsPort } = await pinger({ peers: { file } }).start();

    assert.match(await scrape(metricsPort), /^kube_latency_rtt_config_errors_total 1$/m);
    const endpointsMap = { 'web-2': { ip: '127.0.0.1', port: 1 } };
    await writeFile(file, JSON.stringify({ endpointsMap, pollingPeriod: 1e9 }));
    await eventually(async () =>
      assert.match(await scrape(metricsPort), /^kube_latency_rtt_targets [1-9]/m),
    );
  });

  it('does not begin with a file whose folder is missing, and leaves no port open', async () => {
    const file = join(folder, 'missing', 'config.json');
    const metrics = await freePort();
    const subject = pinger({ peers: { file }, ports: { metrics } });

    await assert.rejects(subject.start(), {
      name: 'ConfigError',
      message: /config.json: .*ENOENT/,
    });
    await assert.rejects(scrape(metrics));
  });

  it('does not begin where a port is taken', async () => {
    const { metricsPort } = await pinger({}).start();
    const first = receiver;

    await assert.rejects(pinger({ ports: { metrics: metricsPort } }).start(), {
      name: 'StartupError',
      message: /EADDRINUSE/,
    });
    await first?.shutdown();
  });

  it('can be shut down before it began, and twice', async () => {
    const subject = pinger({});
    await subject.shutdown();
    await subject.start();
    await subject.shutdown();
    await subject.shutdown();
  });

  async function peersFile(endpointsMap: object): Promise<string> {
    const path = join(folder, 'config.json');
    await writeFile(path, JSON.stringify({ endpointsMap, pollingPeriod: 20e6 }));
    return path;
  }
});

async function scrape(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await response.text();
  // Every line is a comment or a series with a number: one that is not breaks the whole scrape.
  for (const line of text.split('\n').slice(0, -1))
    assert.match(line, /^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{.*\})? -?[\d.]+(e[+-]\d+)?)$/);
  return text;
}

function tally(port: number, query = ''): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/tally${query}`);
}

async function pods(port: number): Promise<string[]> {
  const found = (await scrape(port)).matchAll(/rtt_probes_total\{.*destination_pod="(\w+)"/g);
  return [...new Set([...found].map(([, pod = '']) => pod))];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
