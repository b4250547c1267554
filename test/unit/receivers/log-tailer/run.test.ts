import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfig, type ConfigFlags } from '../../../../receivers/log-tailer/config.ts';
import { run } from '../../../../receivers/log-tailer/run.ts';
import { bootIdOf, bootTraceId } from '../../../../receivers/shared/boot-trace.ts';
import { derivedSpanId } from '../../../../receivers/shared/derived-id.ts';
import { until } from '../../../support/until.ts';
import { writeKubeconfig } from '../../cli/kubeconfig.ts';
import { decodeRequest } from '../correlator/otlp.ts';
import { decodeMetrics } from '../rtt-pinger/otlp-metrics.ts';
import { startFakeCollector, type FakeCollector } from '../shared/fake-collector.ts';
import {
  json,
  startFakeApiServer,
  type FakeApiServer,
  type TakenRequest,
} from '../shared/kubernetes/fake-api-server.ts';
import { decodeRecords } from './otlp-logs.ts';
import { startHttpServer, type HttpServer } from './sources/http-server.ts';

const secondMs = 1000;
const uid = '0f0e3a52-8a0c-4d5c-9b1c-6d1f5d7b2a11';

/** Cut to a whole second, as the API writes times. */
const stamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

describe('the log tailer', function () {
  this.timeout(30_000);
  let folder: string;
  let api: FakeApiServer;
  let imds: HttpServer;
  let collector: FakeCollector;
  let kubeconfig: string;
  let streams: ServerResponse[];
  let ready: boolean;
  let patched: TakenRequest[];
  let patchStatus: number;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = Date.now();
    ready = true;
    streams = [];
    patched = [];
    patchStatus = 200;
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-log-tailer-'));
    api = await startFakeApiServer(answer);
    kubeconfig = await writeKubeconfig(folder, api.connection.server.origin);
    imds = await startHttpServer(({ path, method }, response) => {
      if (method === 'PUT') return void response.end('token');
      if (path.endsWith('/hostname')) return void response.end('worker-1');
      response.end(
        JSON.stringify({
          pendingTime: stamp(nowMs - 40 * secondMs),
          instanceId: 'i-0681ec41ddb32ba4e',
          instanceType: 'c6a.large',
          imageId: 'ami-0bf8f0f9cd3cce116',
          region: 'us-east-2',
          availabilityZone: 'us-east-2b',
        }),
      );
    });
    collector = await startFakeCollector();
  });
  afterEach(async () => {
    for (const stream of streams) stream.destroy();
    api.stop();
    imds.stop();
    collector.stop();
    await rm(folder, { recursive: true });
  });

  function answer(request: TakenRequest, response: ServerResponse): void {
    const { method, url } = request;
    if (method === 'PATCH') {
      patched.push(request);
      return json(response, patchStatus, { kind: 'Status', message: 'nodes is forbidden' });
    }
    if (url.searchParams.has('watch')) {
      response.flushHeaders();
      return void streams.push(response);
    }
    const items = url.pathname === '/api/v1/nodes' ? [node()] : [pod()];
    json(response, 200, { metadata: { resourceVersion: '1' }, items });
  }

  const condition = (type: string, agoS: number, status = 'True') => ({
    type,
    status,
    lastTransitionTime: stamp(nowMs - agoS * secondMs),
  });

  const node = () => ({
    metadata: {
      name: 'worker-1',
      uid,
      creationTimestamp: stamp(nowMs - 20 * secondMs),
      resourceVersion: '2',
    },
    status: { conditions: [condition('Ready', 10, ready ? 'True' : 'False')] },
  });

  const pod = () => ({
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      creationTimestamp: stamp(nowMs - 30 * secondMs),
      resourceVersion: '2',
    },
    status: {
      conditions: [condition('PodScheduled', 9), ...(ready ? [condition('Ready', 5)] : [])],
    },
  });

  function running(flags: ConfigFlags = {}) {
    const stop = new AbortController();
    const printed: string[] = [];
    const said: object[] = [];
    const log = {
      debug: () => undefined,
      info: (fields: object) => void said.push(fields),
      warn: (fields: object) => void said.push(fields),
      error: (fields: object) => void said.push(fields),
    };
    const env = { HOME: folder };
    const config = loadConfig({ 'imds-endpoint': imds.url.href, ...flags }, env);
    const ended = run(
      {
        ...config,
        logs: { ...config.logs, enabled: false },
        ec2: { enabled: false },
        cloudInit: [],
        settle: 50,
        retryDelay: 20,
      },
      {
        env,
        log,
        signal: stop.signal,
        kube: { kubeconfig, context: undefined },
        print: (text) => void printed.push(text),
      },
    );
    return { ended, stop, printed, said };
  }

  const otlp = () => ({ 'otel-endpoint': collector.endpoint });
  const spans = () => collector.taken.traces.flatMap((bytes) => decodeRequest(bytes));
  const records = () => collector.taken.logs.flatMap((bytes) => decodeRecords(bytes));

  it('prints the chart of the boot, and ends with 0', async () => {
    const { ended, printed } = running();

    assert.equal(await ended, 0);
    const [chart = ''] = printed;
    assert.match(
      chart,
      /^### i-0681ec41ddb32ba4e \| c6a\.large \| us-east-2b \| ami-0bf8f0f9cd3cce116\n/,
    );
    assert.deepEqual(
      [...chart.matchAll(/^\| (\w[\w ]*?) +\| \S+ +\| (\d+s) /gm)].map(([, name, at]) => [
        name,
        at,
      ]),
      [
        ['Instance Pending', '0s'],
        ['Pod Created', '10s'],
        ['Kubelet Registered', '20s'],
        ['Node Ready', '30s'],
        ['Pod Scheduled', '31s'],
        ['Pod Ready', '35s'],
      ],
    );
  });

  it('ends with 3, and names what is missing, when time is over', async () => {
    ready = false;

    const { ended, printed, said } = running({
      timeout: '1',
      'show-unresolved-events': true,
      output: 'markdown',
    });

    assert.equal(await ended, 3);
    assert.match(
      printed[0] ?? '',
      /\n\n[^]*Pod Ready \(pod_ready\): K8s: pod default\/web is not ready/,
    );
    assert.ok(
      said.some(
        (fields) =>
          'missingTerminalEvents' in fields &&
          String(fields.missingTerminalEvents) === 'node_ready,pod_ready',
      ),
    );
  });

  it('measures at once what there is where no time is given', async () => {
    const { ended, printed } = running({ timeout: '0' });

    assert.ok([0, 3].includes(await ended));
    assert.equal(printed.length, 1);
  });

  it('works without the metadata service and without a cluster, and says what is missing', async () => {
    const { ended, printed } = running({
      imds: false,
      kubernetes: false,
      timeout: '1',
      'show-unresolved-events': true,
    });

    assert.equal(await ended, 0);
    assert.match(
      printed[0] ?? '',
      /Node Ready \(node_ready\): no source that tells of it takes part/,
    );
    assert.deepEqual([imds.taken, api.taken], [[], []]);
  });

  it('serves from the first second on, and goes on after the boot', async () => {
    ready = false;
    const { ended, stop, printed, said } = running({
      'prometheus-metrics': true,
      'metrics-port': '0',
      'experiment-dimension': 'blue',
    });
    await until(() => said.some((fields) => 'port' in fields));
    const { port } = said.find((fields) => 'port' in fields) as { port: number };
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, text: await response.text() };
    };
    await until(() => streams.length === 2);

    const before = await get('/metrics');
    ready = true;
    for (const [index, object] of [node(), pod()].entries())
      streams[index]?.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);
    await until(() => printed.length === 1);
    const after = await get('/metrics');

    assert.match(before.text, /^kube_latency_node_boot_awaited\{k8s_node_name="worker-1"\} 2$/m);
    assert.match(
      before.text,
      /^kubelet_registered\{experiment="blue",instanceType="c6a.large".*\} 20$/m,
    );
    assert.ok(!before.text.includes('\nnode_ready{'));
    assert.match(
      after.text,
      /^node_ready\{experiment="blue",instanceType="c6a.large",amiID="ami-0bf8f0f9cd3cce116",region="us-east-2",availabilityZone="us-east-2b"\} 30$/m,
    );
    assert.match(
      after.text,
      /^kube_latency_node_boot_event_seconds\{k8s_node_name="worker-1",event="pod_ready"\} 35$/m,
    );
    assert.deepEqual(await get('/healthz'), { status: 200, text: 'ok\n' });
    assert.deepEqual(await get('/readyz'), { status: 200, text: 'ok\n' });
    const boot = JSON.parse((await get('/boot')).text) as { complete: boolean };
    assert.equal(boot.complete, true);
    stop.abort();
    assert.equal(await ended, 0);
  });

  it('tells the boot as a trace, metrics and log records', async () => {
    const bootId = bootIdOf(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')) ?? '';
    const traceId = bootTraceId(bootId, uid);

    assert.equal(await running(otlp()).ended, 0);

    const [root] = spans().filter(({ name }) => name === 'node.boot');
    assert.deepEqual(
      [root?.traceId, root?.spanId, root?.parentId, root?.service],
      [traceId, derivedSpanId(traceId, 'node.boot'), '', 'log-tailer'],
    );
    assert.equal(Number((root?.endNs ?? 0n) - (root?.startNs ?? 0n)) / 1e9, 35);
    assert.deepEqual(
      spans()
        .filter(({ parentId }) => parentId === root?.spanId)
        .map(({ name }) => name)
        .toSorted(),
      ['node.boot.first-pod', 'node.boot.ready'],
    );
    assert.deepEqual(
      [
        'host.type',
        'host.image.id',
        'cloud.region',
        'k8s.node.name',
        'k8s.node.uid',
        'os.type',
      ].map((key) => root?.resource[key]),
      ['c6a.large', 'ami-0bf8f0f9cd3cce116', 'us-east-2', 'worker-1', uid, 'linux'],
    );
    const metric = collector.taken.metrics
      .flatMap((bytes) => decodeMetrics(bytes))
      .find(({ name }) => name === 'kube_latency.node.boot.event');
    assert.equal(metric?.unit, 's');
    assert.equal(
      metric?.points.find(({ attributes }) => attributes['event'] === 'node_ready')?.asDouble,
      30,
    );
    assert.deepEqual(
      records()
        .map(({ name, attributes }) => (attributes['kube_latency.boot.event'] ?? name) as string)
        .toSorted(),
      [
        'instance_pending',
        'kube_latency.node.boot.complete',
        'kubelet_registered',
        'node_ready',
        'pod_created',
        'pod_ready',
        'pod_scheduled',
      ],
    );
    assert.ok(records().every(({ atUnixNs, name }) => atUnixNs > 0n || name.endsWith('complete')));
  });

  it('has the same ids after a restart, and with a folder tells the boot once', async () => {
    const state = join(folder, 'state');
    const config = join(folder, 'log-tailer.yaml');
    await writeFile(config, `state: ${state}\n`);

    await running(otlp()).ended;
    await running({ config, ...otlp() }).ended;
    const twice = spans().filter(({ name }) => name === 'node.boot');
    await running({ config, ...otlp() }).ended;

    assert.equal(twice.length, 2);
    assert.equal(new Set(twice.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).size, 1);
    assert.equal(spans().filter(({ name }) => name === 'node.boot').length, 2);
    assert.match(
      await readFile(join(state, 'told-boots.json'), 'utf8'),
      /"told":\["[0-9a-f]{32}"\]/,
    );
  });

  it('exports once, labels the node, and ends', async () => {
    const { ended } = running({ 'otel-metrics': true, ...otlp() });

    assert.equal(await ended, 0);
    assert.equal(spans().filter(({ name }) => name === 'node.boot').length, 1);
    assert.deepEqual(
      patched.map(({ url, headers, body }) => [url.pathname, headers['content-type'], body]),
      [
        [
          '/api/v1/nodes/worker-1',
          'application/merge-patch+json',
          '{"metadata":{"labels":{"node-latency-for-k8s-exclude-pod":""}}}',
        ],
      ],
    );
  });

  it('exports once and goes on serving where metrics are served', async () => {
    const { ended, stop } = running({
      'otel-metrics': true,
      'prometheus-metrics': true,
      'metrics-port': '0',
      ...otlp(),
    });
    await until(() => patched.length === 1);
    let over = false;
    void ended.then(() => (over = true));
    await new Promise((resolve) => setTimeout(resolve, 100));

    assert.equal(over, false);
    stop.abort();
    assert.equal(await ended, 0);
  });

  it('fails where the node cannot be labelled', async () => {
    patchStatus = 403;

    await assert.rejects(running({ 'otel-metrics': true, ...otlp() }).ended, {
      name: 'StartupError',
      message: 'labelling node worker-1: nodes is forbidden',
    });
  });

  it('fails, and labels nothing, where the collector is away', async () => {
    await assert.rejects(
      running({ 'otel-metrics': true, 'otel-endpoint': 'http://127.0.0.1:1' }).ended,
      { name: 'StartupError', message: /^exporting once: / },
    );
    assert.deepEqual(patched, []);
  });

  it('exports nothing without an endpoint, and does not begin where it is to', async () => {
    await assert.rejects(running({ 'otel-metrics': true }).ended, {
      name: 'ConfigError',
      message: /^otlp.once: expected --otel-endpoint or OTEL_EXPORTER_OTLP_ENDPOINT, got neither$/,
    });
    assert.equal(await running().ended, 0);
    assert.deepEqual([spans(), records()], [[], []]);
  });

  it('stops at once when it is to, wherever it is', async () => {
    ready = false;
    const { ended, stop, printed } = running();
    await until(() => streams.length === 2);

    stop.abort();

    assert.equal(await ended, 0);
    assert.deepEqual(printed, []);
  });
});
