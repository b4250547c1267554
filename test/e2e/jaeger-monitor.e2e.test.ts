import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { startJaeger, type Jaeger } from '../support/jaeger.ts';
import { startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { jsonSender, newTraceId } from './collector-config/json-sender.ts';

const root = resolve(import.meta.dirname, '../..');
const component = 'manifests/components/jaeger';
const soon = { connectors: { 'span_metrics/monitor': { metrics_flush_interval: '500ms' } } };
const layers = ['no-backend', 'jaeger', 'jaeger-monitor', 'prometheus-otlp'].map(
  (name) => `features/${name}.yaml`,
);

/** A metric as Jaeger's API tells it. */
interface Family {
  readonly metrics: readonly {
    readonly labels: readonly { readonly name: string; readonly value: string }[];
    readonly metricPoints: readonly { readonly gaugeValue: { readonly doubleValue: number } }[];
  }[];
}

const ways = [
  { name: 'docker-compose', config: 'docker-compose/jaeger.yaml', secure: false },
  { name: component, config: `${component}/jaeger.yaml`, secure: true },
] as const;

for (const { name, config, secure } of ways)
  describe(`the Monitor tab of the Jaeger of ${name}, ${secure ? 'behind' : 'without'} TLS`, function () {
    this.timeout(120_000);
    let folder: string;
    let collectors: Collectors;
    let prometheus: Prometheus;
    let jaeger: Jaeger;

    before('finds or builds Prometheus and Jaeger', async function () {
      this.timeout(45 * 60_000);
      const [prometheusProgram, program] = [
        await extraProgram('prometheus', this),
        await extraProgram('jaeger', this),
      ];
      folder = await mkdtemp(join(tmpdir(), 'kube-latency-monitor-'));
      collectors = await prepareCollectors();
      const { ca, cert, key } = certificate();
      prometheus = await startPrometheus(
        prometheusProgram,
        folder,
        ['--web.enable-otlp-receiver', ...(secure ? [await webConfig(cert, key)] : [])],
        secure ? { caFile: ca } : {},
      );
      jaeger = await startJaeger(folder, {
        program,
        config: join(root, config),
        texts: secure
          ? { '/etc/kube-latency/tls/tls.crt': cert, '/etc/kube-latency/tls/tls.key': key }
          : { 'http://prometheus:9090': prometheus.url },
        env: secure
          ? { JAEGER_METRICS: 'monitor', PROMETHEUS_URL: prometheus.url, PROMETHEUS_CA_FILE: ca }
          : {},
      });
      await collectors.startGateway(layers, {
        settings: { ...collectors.plainDoor, ...soon },
        env: {
          PROMETHEUS_URL: prometheus.url,
          JAEGER_ENDPOINT: jaeger.endpoint,
          ...(secure
            ? { PROMETHEUS_CA_FILE: ca, JAEGER_CA_FILE: ca }
            : { JAEGER_INSECURE: 'true' }),
        },
      });
    });

    after(async () => {
      await collectors?.remove();
      await jaeger?.stop();
      await prometheus?.stop();
      if (folder !== undefined) await rm(folder, { recursive: true });
    });

    it('has rate, errors and latency of each operation, from the spans that its traces are of', async () => {
      const traceId = newTraceId();
      await eventually(
        async () => {
          await jsonSender(collectors.plainUrl).spans([
            { service: 'kubelet', name: 'syncPod', kind: 'server', seconds: 0.3, traceId },
            { service: 'kubelet', name: 'syncPod', kind: 'server', seconds: 0.3, failed: true },
            { service: 'kubelet', name: 'probe', kind: 'server', seconds: 0.003 },
          ]);
          const [calls, errors, latencies] = await Promise.all(
            ['calls', 'errors', 'latencies'].map(latest),
          );
          assert.ok(Number(calls?.get('syncPod')) > 0 && Number(calls?.get('probe')) > 0);
          assert.equal(errors?.get('syncPod'), 0.5);
          assert.ok(between(latencies?.get('syncPod'), [200, 500]), 'syncPod took 300 ms');
          assert.ok(between(latencies?.get('probe'), [2, 5]), 'probe took 3 ms');
        },
        { withinMs: 60_000, everyMs: 1000 },
      );

      const { data } = (await jaeger.api(`/api/traces/${traceId}`)) as { data: unknown[] };
      assert.equal(data.length, 1);
    });

    /** The last value of each operation that Jaeger shows; latencies in ms. */
    async function latest(what: string): Promise<Map<string, number>> {
      const query = new URLSearchParams({
        service: 'kubelet',
        spanKind: 'server',
        groupByOperation: 'true',
        endTs: String(Date.now()),
        lookback: '60000',
        step: '1000',
        ratePer: '60000',
        ...(what === 'latencies' ? { quantile: '0.5' } : {}),
      }).toString();
      const { metrics } = (await jaeger.api(`/api/metrics/${what}?${query}`)) as Family;
      return new Map(
        metrics.map(({ labels, metricPoints }) => [
          labels.find((label) => label.name === 'operation')?.value ?? '',
          metricPoints.at(-1)?.gaugeValue.doubleValue ?? NaN,
        ]),
      );
    }

    function certificate(): { ca: string; cert: string; key: string } {
      const [ca = '', cert = '', key = ''] = ['CA', 'CERT', 'KEY'].map(
        (each) => collectors.gateway.pki[`GATEWAY_${each}_FILE`],
      );
      return { ca, cert, key };
    }

    async function webConfig(cert: string, key: string): Promise<string> {
      const file = join(folder, 'web.yaml');
      await writeFile(
        file,
        JSON.stringify({ tls_server_config: { cert_file: cert, key_file: key } }),
      );
      return `--web.config.file=${file}`;
    }
  });

function between(value: number | undefined, [low, high]: readonly [number, number]): boolean {
  return value !== undefined && value > low && value <= high;
}

describe(`the Jaeger of ${component}, without component jaeger-monitor`, function () {
  this.timeout(60_000);

  it('starts without a Prometheus, and says that it has no metrics', async function () {
    this.timeout(45 * 60_000);
    const program = await extraProgram('jaeger', this);
    const folder = await mkdtemp(join(tmpdir(), 'kube-latency-monitor-'));
    const collectors = await prepareCollectors();
    const { pki } = collectors.gateway;
    const jaeger = await startJaeger(folder, {
      program,
      config: join(root, component, 'jaeger.yaml'),
      texts: {
        '/etc/kube-latency/tls/tls.crt': pki['GATEWAY_CERT_FILE'] ?? '',
        '/etc/kube-latency/tls/tls.key': pki['GATEWAY_KEY_FILE'] ?? '',
      },
      env: {},
    });
    try {
      await assert.rejects(
        jaeger.api('/api/metrics/calls?service=kubelet&endTs=1&lookback=1&step=1&ratePer=1'),
        /metrics querying is currently disabled/,
      );
    } finally {
      await jaeger.stop();
      await collectors.remove();
      await rm(folder, { recursive: true });
    }
  });
});
