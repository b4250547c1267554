import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { createAuthority, type Authority } from '../../../../receivers/shared/certificates.ts';
import type { Log } from '../../../../receivers/shared/log.ts';
import {
  certificateFiles,
  createRenewingExporter,
} from '../../../../receivers/shared/renewing-exporter.ts';
import { startTelemetry, type TelemetryOutcome } from '../../../../receivers/shared/telemetry.ts';
import { startFakeCollector, type FakeCollector } from './fake-collector.ts';

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The exporters of the SDK read these from the process, and only there. */
const variables = {
  ca: 'OTEL_EXPORTER_OTLP_CERTIFICATE',
  cert: 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
  key: 'OTEL_EXPORTER_OTLP_CLIENT_KEY',
} as const;

type Pem = Partial<Record<keyof typeof variables, string>>;

describe('startTelemetry over TLS', () => {
  let folder: string;
  let own: Authority;
  let collector: FakeCollector;
  let endpoint: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-tls-'));
    own = await createAuthority('own');
    const server = await own.issue({
      commonName: 'gateway',
      usages: ['server'],
      names: [{ type: 'dns', value: 'localhost' }],
    });
    collector = await startFakeCollector({ ca: own.pair.cert, ...server });
    endpoint = collector.endpoint.replace('127.0.0.1', 'localhost');
  });

  after(async () => {
    collector.stop();
    await rm(folder, { recursive: true });
  });

  afterEach(() => {
    for (const name of Object.values(variables)) delete process.env[name];
    collector.taken.traces.length = 0;
  });

  it('shows the client certificate that the standard variables name, and trusts their CA', async () => {
    const { spans, problems } = await deliverOne(endpoint, {
      ca: own.pair.cert,
      ...(await clientOf(own)),
    });

    assert.deepEqual(spans, { ended: 1, delivered: 1, dropped: 0 });
    assert.deepEqual(problems, []);
    assert.equal(collector.taken.traces.length, 1);
  });

  it('is refused without a certificate, with one of another authority, and in plain text', async () => {
    const ca = own.pair.cert;
    const strange = await clientOf(await createAuthority('strange'));
    const attempts = [
      await deliverOne(endpoint, { ca }),
      await deliverOne(endpoint, { ca, ...strange }),
      await deliverOne(endpoint.replace('https:', 'http:'), {}),
    ];

    for (const { spans, problems } of attempts) {
      assert.deepEqual(spans, { ended: 1, delivered: 0, dropped: 1 });
      assert.match(problems.join(' '), /UNAVAILABLE/);
    }
    assert.deepEqual(collector.taken.traces, []);
  });

  it('sends nothing to a server of another authority', async () => {
    const strange = await createAuthority('strange');
    const { spans } = await deliverOne(endpoint, {
      ca: strange.pair.cert,
      ...(await clientOf(own)),
    });

    assert.equal(spans.delivered, 0);
    assert.deepEqual(collector.taken.traces, []);
  });

  it('takes a renewed certificate while it runs', async () => {
    const ca = own.pair.cert;
    await writePem({ ca, ...(await clientOf(await createAuthority('strange'))) });
    const files = certificateFiles('traces', process.env);
    const exporter = createRenewingExporter<ReadableSpan[]>(
      () => new OTLPTraceExporter({ url: endpoint }),
      files,
    );
    const send = () =>
      new Promise<number>((resolve) => exporter.export([], ({ code }) => resolve(code)));

    assert.notEqual(await send(), 0);
    await writePem({ ca, ...(await clientOf(own)) });
    assert.equal(await send(), 0);
    await exporter.shutdown();
  });

  /** Sends one span with these in the variables. */
  async function deliverOne(url: string, pem: Pem): Promise<TelemetryOutcome> {
    await writePem(pem);
    const telemetry = await startTelemetry({
      serviceName: 'pod-prober',
      serviceVersion: '1.2.3',
      endpoint: url,
      env: { OTEL_METRICS_EXPORTER: 'none' },
      log,
    });
    telemetry.tracer.startSpan('prober.main', { root: true }).end();
    return telemetry.shutdown(1500);
  }

  /** Writes files and names them in the variables; what is not given is not named. */
  async function writePem(pem: Pem): Promise<void> {
    for (const key of ['ca', 'cert', 'key'] as const) {
      const text = pem[key];
      delete process.env[variables[key]];
      if (text === undefined) continue;
      process.env[variables[key]] = join(folder, `${key}.pem`);
      await writeFile(join(folder, `${key}.pem`), text);
    }
  }
});

function clientOf(authority: Authority): Promise<{ cert: string; key: string }> {
  return authority.issue({ commonName: 'receiver', usages: ['client'] });
}
