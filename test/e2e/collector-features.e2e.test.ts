import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile, appendFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { readSpans } from '../support/spans-file.ts';
import { readLogs, readPoints, type FilePoint } from '../support/telemetry-file.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { lacksStatistics, startKubelet } from './collector-config/kubelet-stand-in.ts';
import { jsonSender, newSpanId, newTraceId } from './collector-config/json-sender.ts';

const soon = { metrics_flush_interval: '300ms' };

describe('features of the collectors', function () {
  this.timeout(60_000);
  let collectors: Collectors;
  let folder: string;

  beforeEach(async () => {
    collectors = await prepareCollectors();
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-features-'));
  });

  afterEach(async () => {
    await collectors.remove();
    await rm(folder, { recursive: true });
  });

  describe('features/redaction.yaml', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJl';
    const values = {
      'http.target': '/api/v1/namespaces/shop/secrets/paypal?timeout=5s&token=s3cr3tvalue',
      'etcd.key': '/registry/secrets/shop/paypal',
      'url.full': 'https://anna:s3cr3tvalue@db.example.com/items?page=2',
      header: 'Authorization: Bearer s3cr3tvalue+12345',
      jwt: `got ${jwt} back`,
      'http.request.header.authorization': 's3cr3tvalue',
      'db.password': 's3cr3tvalue',
      token: 's3cr3tvalue',
      'k8s.pod.name': 'tokenizer-secretary-0',
      'audit-id': '7a0e31ac-58f1-4d5c-9b1e-1f2f3a4b5c6d',
    };
    const clean = {
      'http.target': '/api/v1/namespaces/shop/secrets/[redacted]?timeout=5s&token=[redacted]',
      'etcd.key': '/registry/secrets/shop/[redacted]',
      'url.full': 'https://[redacted]@db.example.com/items?page=2',
      header: 'Authorization: Bearer [redacted]',
      jwt: 'got [redacted] back',
      'k8s.pod.name': 'tokenizer-secretary-0',
      'audit-id': '7a0e31ac-58f1-4d5c-9b1e-1f2f3a4b5c6d',
    };

    it('takes secrets out of spans, logs and data points, and out of their resources', async () => {
      const send = await startGateway(['features/redaction.yaml']);
      const told = { attributes: values, resource: values };

      await send.spans([{ name: 'GET', ...told }]);
      await send.gauges([{ name: 'some.gauge', value: 1, ...told }]);
      await send.logs([
        {
          body: `login of https://anna:s3cr3tvalue@db/ with password: "s3cr3tvalue", ${jwt}`,
          ...told,
        },
      ]);

      const [span] = await arrived(() => readSpans(collectors.spansFile));
      const [point] = await arrived(async () =>
        (await readPoints(collectors.metricsFile)).filter(({ metric }) => metric === 'some.gauge'),
      );
      const [log] = await arrived(() => readLogs(collectors.logsFile));
      for (const each of [span, point, log]) {
        assert.deepEqual(each?.attributes, clean);
        assert.deepEqual(each?.resource, { 'service.name': 'test', ...clean });
      }
      assert.equal(
        log?.body,
        'login of https://[redacted]@db/ with password: "[redacted]", [redacted]',
      );
      await collectors.stopAll();
      for (const file of [collectors.spansFile, collectors.metricsFile, collectors.logsFile])
        assert.doesNotMatch(await readFile(file, 'utf8'), /s3cr3t|anna|paypal/);
    });
  });

  it('makes metrics for Jaeger’s Monitor tab, with exemplars, and counts no copy', async () => {
    const send = await startGateway(['features/jaeger-monitor.yaml'], {
      connectors: { 'span_metrics/monitor': soon },
    });
    const traceId = newTraceId();
    const call = { service: 'kubelet', name: 'syncPod', kind: 'client' } as const;

    await send.spans([
      { ...call, traceId, seconds: 0.03, resource: { 'k8s.pod.uid': 'one' } },
      { ...call, seconds: 0.03, failed: true, resource: { 'k8s.pod.uid': 'other' } },
      { ...call, attributes: { 'kube_latency.stitched': true } },
    ]);

    const calls = await points('monitor.calls', 2);
    assert.deepEqual(
      calls.map(({ attributes, point, resource }) => [
        attributes['span.kind'],
        attributes['status.code'],
        point['asInt'],
        Object.keys(resource).toSorted(),
      ]),
      ['STATUS_CODE_UNSET', 'STATUS_CODE_ERROR'].map((code) => [
        'SPAN_KIND_CLIENT',
        code,
        '1',
        ['service.name'],
      ]),
    );
    const durations = await points('monitor.duration', 2);
    assert.equal(durations[0]?.unit, 'ms');
    const flushed = await readPoints(collectors.metricsFile);
    assert.ok(flushed.some(({ point }) => JSON.stringify(point['exemplars'])?.includes(traceId)));
  });

  it('counts who calls whom', async () => {
    const send = await startGateway(['features/service-graph.yaml'], {
      connectors: { service_graph: soon },
    });
    for (const stitched of [false, true]) {
      const [traceId, spanId] = [newTraceId(), newSpanId()];
      const attributes = stitched ? { 'kube_latency.stitched': true } : {};
      await send.spans([
        { service: 'kubelet', name: 'call', kind: 'client', traceId, spanId, attributes },
      ]);
      await send.spans([
        {
          service: 'containerd',
          name: 'call',
          kind: 'server',
          traceId,
          parentSpanId: spanId,
          seconds: 0.02,
          attributes,
        },
      ]);
    }

    const [total] = await points('traces_service_graph_request_total', 1);
    const [server] = await points('traces_service_graph_request_server', 1);
    assert.equal(total?.point['asInt'], '1');
    assert.equal(total?.attributes['client'], 'kubelet');
    assert.equal(total?.attributes['server'], 'containerd');
    assert.ok(Math.abs(Number(server?.point['sum']) - 0.02) < 0.001, 'it is in seconds');
  });

  it('takes OTLP over HTTP from whoever has a certificate, and from nobody else', async () => {
    await collectors.startGateway(['features/otlp-http.yaml']);
    const file = (name: string): Promise<string> =>
      readFile(collectors.clientPki[name] ?? '', 'utf8');
    const [ca, cert, key] = await Promise.all(
      ['GATEWAY_CA_FILE', 'GATEWAY_CERT_FILE', 'GATEWAY_KEY_FILE'].map(file),
    );

    await assert.rejects(post({ ca }), /certificate required|ECONNRESET|EPIPE/);
    assert.equal(await post({ ca, cert, key }), 200);

    const [span] = await arrived(() => readSpans(collectors.spansFile));
    assert.equal(span?.name, 'over HTTP');
  });

  function post(tls: object): Promise<number | undefined> {
    const now = `${Date.now()}000000`;
    const times = { startTimeUnixNano: now, endTimeUnixNano: now };
    const span = { name: 'over HTTP', traceId: newTraceId(), spanId: newSpanId(), ...times };
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', headers: { 'content-type': 'application/json' }, ...tls };
      const asked = request(`${collectors.httpUrl}/v1/traces`, options, ({ statusCode }) =>
        resolve(statusCode),
      );
      asked.once('error', reject);
      asked.end(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
    });
  }

  it('reads the logs of pods where the API server is away, once each, over a restart', async () => {
    const pod = join(folder, 'shop_cart-0_8c1f3f0e-1111-4222-8333-944455556666', 'web');
    const own = join(folder, 'kube-latency-node_agent-x_9c1f3f0e-1111-4222-8333-944455556666', 'c');
    const env = {
      POD_LOGS_DIR: folder,
      POD_LOGS_START_AT: 'beginning',
      KUBECONFIG: await writeKubeconfig('https://127.0.0.1:1'),
    };
    await collectors.startGateway();
    await collectors.startAgent(['features/pod-logs.yaml'], { env });

    for (const place of [pod, own]) await mkdir(place, { recursive: true });
    await writeFile(join(own, '0.log'), cri('of the agent itself'));
    await writeFile(join(pod, '0.log'), cri('first') + cri('be', 'P') + cri('gun'));
    await eventually(async () => assert.deepEqual(await bodies(), ['begun', 'first']));
    await collectors.stopAll();
    await appendFile(join(pod, '0.log'), cri('while it was away'));
    await collectors.startGateway();
    await collectors.startAgent(['features/pod-logs.yaml'], { env });

    await eventually(async () =>
      assert.deepEqual(await bodies(), ['begun', 'first', 'while it was away']),
    );
    const [log] = await readLogs(collectors.logsFile);
    assert.partialDeepStrictEqual(log, {
      traceId: '',
      attributes: { 'log.iostream': 'stdout' },
      resource: {
        'k8s.namespace.name': 'shop',
        'k8s.pod.name': 'cart-0',
        'k8s.pod.uid': '8c1f3f0e-1111-4222-8333-944455556666',
        'k8s.container.name': 'web',
        'k8s.node.name': 'node-of-the-test',
      },
    });
  });

  it('leaves out what was in the logs before its first start', async () => {
    const pod = join(folder, 'shop_cart-0_8c1f3f0e-1111-4222-8333-944455556666', 'web');
    await mkdir(pod, { recursive: true });
    await writeFile(join(pod, '0.log'), cri('old'));
    await collectors.startGateway();
    await collectors.startAgent(['features/pod-logs.yaml'], {
      env: { POD_LOGS_DIR: folder, KUBECONFIG: await writeKubeconfig('https://127.0.0.1:1') },
    });

    await eventually(async () => {
      await appendFile(join(pod, '0.log'), cri('new'));
      assert.deepEqual(new Set(await bodies()), new Set(['new']));
    });
  });

  it('tells what a kubelet knows of node, pods and containers, by mutual TLS', async () => {
    const { endpoint, server } = await startKubelet(collectors);
    try {
      await collectors.startGateway();
      await collectors.startAgent(['features/kubelet-stats.yaml'], {
        env: { KUBELET_ENDPOINT: endpoint, KUBELET_STATS_INTERVAL: '1s' },
      });
      const pod = { 'k8s.namespace.name': 'shop', 'k8s.pod.name': 'cart-0' };

      for (const [metric, more] of [
        ['k8s.node.memory.working_set', {}],
        ['k8s.pod.memory.working_set', pod],
        ['container.memory.working_set', { ...pod, 'k8s.container.name': 'web' }],
      ] as const) {
        const [point] = await points(metric, 1);
        assert.equal(point?.point['asInt'], '2000000', metric);
        assert.partialDeepStrictEqual(point.resource, {
          'k8s.cluster.name': 'cluster-of-the-test',
          'k8s.node.name': 'node-of-the-test',
          ...more,
        });
      }
    } finally {
      server.close();
    }
  });

  it('says of a kubelet that lacks statistics that it does, goes on, and tells them once it has them', async () => {
    const { endpoint, server, setLacking } = await startKubelet(collectors);
    try {
      setLacking(true);
      await collectors.startGateway();
      const agent = await collectors.startAgent(['features/kubelet-stats.yaml'], {
        env: { KUBELET_ENDPOINT: endpoint, KUBELET_STATS_INTERVAL: '1s' },
      });
      await eventually(() => assert.match(agent.stderr(), lacksStatistics));

      // Its own metrics take the same road.
      await points('otelcol_exporter_queue_size', 1);
      const told = (await readPoints(collectors.metricsFile)).map(({ metric }) => metric);
      assert.ok(!told.some((metric) => /^(k8s|container)\./.test(metric)), told.join(' '));
      assert.equal(agent.child.exitCode, null);

      setLacking(false);

      const [point] = await points('k8s.pod.memory.working_set', 1);
      assert.equal(point?.point['asInt'], '2000000');
    } finally {
      server.close();
    }
  });

  it('tells the host’s figures, of the node and the cluster', async () => {
    await collectors.startGateway();
    await collectors.startAgent(['features/host-metrics.yaml'], {
      env: { HOST_METRICS_INTERVAL: '1s' },
    });

    const found = await eventually(async () => {
      const all = (await readPoints(collectors.metricsFile)).filter(({ metric }) =>
        metric.startsWith('system.'),
      );
      for (const name of [
        'system.cpu.time',
        'system.cpu.load_average.1m',
        'system.memory.usage',
        'system.disk.io',
        'system.filesystem.usage',
        'system.network.io',
        'system.processes.count',
      ])
        assert.ok(
          all.some(({ metric }) => metric === name),
          name,
        );
      return all;
    });
    for (const { resource } of found) {
      assert.equal(resource['k8s.node.name'], 'node-of-the-test');
      assert.equal(resource['k8s.cluster.name'], 'cluster-of-the-test');
    }
    const types = found
      .filter(({ metric }) => metric === 'system.filesystem.usage')
      .map(({ attributes }) => attributes['type']);
    assert.ok(!types.includes('overlay') && !types.includes('proc'), String(types));
  });

  async function startGateway(
    features: readonly string[],
    settings: object = {},
  ): Promise<ReturnType<typeof jsonSender>> {
    await collectors.startGateway(features, { settings: { ...collectors.plainDoor, ...settings } });
    return jsonSender(collectors.plainUrl);
  }

  /** The newest points of a metric, one for each of its series, a counter's zero at its beginning aside. */
  function points(metric: string, series: number): Promise<FilePoint[]> {
    return eventually(async () => {
      const all = (await readPoints(collectors.metricsFile)).filter(
        (each) => each.metric === metric && each.point['asInt'] !== '0',
      );
      const newest = new Map(all.map((each) => [JSON.stringify(each.attributes), each]));
      assert.equal(newest.size, series, `series of ${metric}`);
      return [...newest.values()];
    });
  }

  async function bodies(): Promise<string[]> {
    return (await readLogs(collectors.logsFile)).map(({ body }) => String(body)).toSorted();
  }

  async function writeKubeconfig(server: string): Promise<string> {
    const path = join(folder, 'kubeconfig.json');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
      users: [{ name: 'c', user: { token: 'none' } }],
      'current-context': 'c',
    };
    await writeFile(path, JSON.stringify(config));
    return path;
  }
});

function arrived<T>(read: () => Promise<T[]>): Promise<T[]> {
  return eventually(async () => {
    const all = await read();
    assert.ok(all.length > 0, 'nothing has come');
    return all;
  });
}

/** A line as containerd writes it. */
function cri(text: string, part: 'F' | 'P' = 'F'): string {
  return `${new Date().toISOString().replace('Z', '000000Z')} stdout ${part} ${text}\n`;
}
