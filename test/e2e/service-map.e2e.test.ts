import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { jsonSender, newSpanId, newTraceId } from './collector-config/json-sender.ts';

const soon = { connectors: { service_graph: { metrics_flush_interval: '500ms' } } };

/** What Grafana 13 asks the data source of a Tempo's `serviceMap` for, by client and server. */
const asked = {
  total: 'traces_service_graph_request_total',
  failed: 'traces_service_graph_request_failed_total',
  seconds: 'traces_service_graph_request_server_seconds_sum',
  buckets: 'traces_service_graph_request_server_seconds_bucket',
} as const;

describe('the service map of Grafana', function () {
  this.timeout(60_000);
  let folder: string;
  let prometheus: Prometheus;
  let collectors: Collectors;

  before('finds or builds a Prometheus', async function () {
    this.timeout(30 * 60_000);
    const program = await extraProgram('prometheus', this);
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-service-map-'));
    prometheus = await startPrometheus(program, folder, ['--web.enable-otlp-receiver']);
    collectors = await prepareCollectors();
    await collectors.startGateway(
      ['no-backend', 'service-graph', 'prometheus-otlp'].map((name) => `features/${name}.yaml`),
      {
        settings: { ...collectors.plainDoor, ...soon },
        env: { PROMETHEUS_URL: prometheus.url },
      },
    );
  });

  after(async () => {
    await collectors?.remove();
    await prometheus?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it('finds in Prometheus who calls whom, how often, how long and with what success', async () => {
    await call('kubelet', 'containerd', { seconds: 2 });
    await call('apiserver', 'etcd', { seconds: 1, failed: true });

    await eventually(async () => {
      const totals = await byPair(`sum by (client, server) (${asked.total})`);
      assert.deepEqual(totals, { 'kubelet containerd': 1, 'apiserver etcd': 1 });
    });
    assert.deepEqual(await byPair(`sum by (client, server) (${asked.failed}) > 0`), {
      'apiserver etcd': 1,
    });
    assert.deepEqual(await byPair(`round(sum by (client, server) (${asked.seconds}))`), {
      'kubelet containerd': 2,
      'apiserver etcd': 1,
    });
    assert.deepEqual(
      await byPair(`sum by (client, server) (${asked.buckets}{le=~"1|1.0|2.5", client="kubelet"})`),
      { 'kubelet containerd': 1 },
    );
  });

  async function call(
    client: string,
    server: string,
    how: { readonly seconds: number; readonly failed?: boolean },
  ): Promise<void> {
    const [traceId, spanId] = [newTraceId(), newSpanId()];
    const span = { name: 'call', traceId, ...how };
    await jsonSender(collectors.plainUrl).spans([
      { ...span, service: client, kind: 'client', spanId },
      { ...span, service: server, kind: 'server', parentSpanId: spanId },
    ]);
  }

  /** A query's values by `client server`. */
  async function byPair(query: string): Promise<Record<string, number>> {
    const series = await prometheus.query(query);
    return Object.fromEntries(
      series.map(({ metric, value }) => [
        `${metric['client']} ${metric['server']}`,
        Number(value[1]),
      ]),
    );
  }
});
