import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { readSpans } from '../support/spans-file.ts';
import { readLogs, readPoints } from '../support/telemetry-file.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { jsonSender } from './collector-config/json-sender.ts';
import { createSink, type Sink } from './collector-config/sink.ts';

interface Destination {
  readonly layer: string;
  readonly prefix: string;
  /** The variable that says where it is, and what it says. */
  readonly place: (sink: Sink) => Readonly<Record<string, string>>;
  /** Where it takes logs, unless it is OTLP's own path. */
  readonly logsPath?: string;
  readonly signals: readonly string[];
  /** Headers that the layer was told to send. */
  readonly headers: Readonly<Record<string, string>>;
}

const destinations: readonly Destination[] = [
  {
    layer: 'features/jaeger.yaml',
    prefix: 'JAEGER',
    place: ({ grpc }) => ({ JAEGER_ENDPOINT: grpc }),
    signals: ['span'],
    headers: {},
  },
  {
    layer: 'features/tempo.yaml',
    prefix: 'TEMPO',
    place: ({ grpc }) => ({ TEMPO_ENDPOINT: grpc, TEMPO_TENANT: 'team-a' }),
    signals: ['span'],
    headers: { 'x-scope-orgid': 'team-a' },
  },
  {
    layer: 'features/loki.yaml',
    prefix: 'LOKI',
    place: ({ http }) => ({ LOKI_URL: http, LOKI_TENANT: 'team-a' }),
    logsPath: '/otlp/v1/logs',
    signals: ['log'],
    headers: { 'x-scope-orgid': 'team-a' },
  },
  {
    layer: 'features/otlp-destination.yaml',
    prefix: 'OTLP',
    place: ({ http }) => ({ OTLP_URL: http, OTLP_HEADERS: '{"api-key": "abc: 123"}' }),
    signals: ['log', 'point', 'span'],
    headers: { 'api-key': 'abc: 123' },
  },
];

for (const { layer, prefix, place, logsPath, signals, headers } of destinations)
  describe(layer, function () {
    this.timeout(60_000);
    const layers = ['features/no-backend.yaml', layer];
    let folder: string;
    let collectors: Collectors;
    let sink: Sink;
    let env: Readonly<Record<string, string>>;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kube-latency-destination-'));
      collectors = await prepareCollectors();
      sink = await createSink(folder, collectors, logsPath);
      env = { ...certificates(prefix, collectors), ...place(sink) };
    });

    afterEach(async () => {
      await collectors.remove();
      await sink.stop();
      await rm(folder, { recursive: true });
    });

    it(`sends every ${signals.join(', ')}, and nothing else, by mutual TLS, with its headers`, async () => {
      await sink.start();
      await startGateway();

      await sendOneOfEach();

      await eventually(async () => assert.deepEqual(await arrived(), signals));
      await collectors.stopAll();
      assert.deepEqual(await arrived(), signals);
      const [first] = [...(await spansOf(sink)), ...(await readLogs(sink.file))];
      assert.deepEqual(first?.resource, { 'service.name': 'test', ...headers });
    });

    it('delivers after a restart what it was given while the destination was away', async () => {
      const gateway = await startGateway();
      await sendOneOfEach();
      await eventually(async () => {
        for (const signal of signals)
          assert.ok((await queued(collectors, signal)) > 0, `no ${signal} waits on disk`);
      });
      gateway.child.kill('SIGKILL');
      await gateway.finished;

      await sink.start();
      await startGateway();

      await eventually(async () => assert.deepEqual(await arrived(), signals));
    });

    it('sends no span that sampling has dropped', async function () {
      if (!signals.includes('span')) this.skip();
      await sink.start();
      await startGateway(['features/head-sampling.yaml'], { SAMPLING_PERCENTAGE: '0' });
      await sendOneOfEach();
      // The processor before the destination gives what it has at the stop.
      await collectors.stopAll();

      await startGateway();
      await sendOneOfEach();

      await eventually(async () => assert.deepEqual([...new Set(await arrived())], signals));
      assert.equal((await readSpans(sink.file)).length, 1);
    });

    function startGateway(
      more: readonly string[] = [],
      variables: Readonly<Record<string, string>> = {},
    ): ReturnType<Collectors['startGateway']> {
      return collectors.startGateway([...layers, ...more], {
        env: { ...env, ...variables },
        settings: collectors.plainDoor,
      });
    }

    async function sendOneOfEach(): Promise<void> {
      const send = jsonSender(collectors.plainUrl);
      await send.spans([{ name: 'a span' }]);
      await send.gauges([{ name: 'a.gauge', value: 1 }]);
      await send.logs([{ body: 'a log' }]);
    }

    /** What of the three has come, the gateway's own metrics aside. */
    async function arrived(): Promise<string[]> {
      const [spans, points, logs] = await Promise.all([
        spansOf(sink),
        readPoints(sink.file),
        readLogs(sink.file),
      ]);
      return [
        ...logs.map(() => 'log'),
        ...points.filter(({ metric }) => metric === 'a.gauge').map(() => 'point'),
        ...spans.map(() => 'span'),
      ];
    }
  });

const dataTypes: Readonly<Record<string, string>> = {
  log: 'logs',
  point: 'metrics',
  span: 'traces',
};

async function queued(collectors: Collectors, signal: string): Promise<number> {
  return collectors.ownMetric('gateway', 'otelcol_exporter_queue_size', {
    data_type: dataTypes[signal] ?? signal,
  });
}

async function spansOf({ file }: Sink): Promise<Awaited<ReturnType<typeof readSpans>>> {
  return readSpans(file).catch(() => []);
}

function certificates(prefix: string, { clientPki }: Collectors): Record<string, string> {
  return Object.fromEntries(
    Object.entries(clientPki).map(([name, file]) => [name.replace('GATEWAY', prefix), file]),
  );
}
