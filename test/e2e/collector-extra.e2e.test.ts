import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { eventually } from '../support/eventually.ts';
import { extraProgram } from '../support/extra-program.ts';
import { freePorts } from '../support/free-ports.ts';
import { readSpans, type FileSpan } from '../support/spans-file.ts';
import { extraCombinations } from '../unit/collector-config/load.ts';
import { prepareCollectors, type Collectors } from './collector-config/collectors.ts';
import { jsonSender, newSpanId, newTraceId } from './collector-config/json-sender.ts';
import { copiedId, syncPod } from './collector-config/sync-pod-spans.ts';

describe('what extra/builder.yaml makes', function () {
  this.timeout(60_000);
  let program: string;
  let collectors: Collectors;
  let folder: string;

  before('builds it', async function () {
    this.timeout(30 * 60_000);
    program = await extraProgram('otelcol-kube-latency-extra', this);
  });

  beforeEach(async () => {
    collectors = await prepareCollectors(program);
    folder = await mkdtemp(join(tmpdir(), 'kube-latency-extra-'));
  });

  afterEach(async () => {
    await collectors.remove();
    await rm(folder, { recursive: true });
  });

  for (const files of extraCombinations) {
    it(`passes otelcol validate with ${files.join(' + ')}`, async () => {
      const { code, stderr } = await collectors.validate(files).finished;

      assert.equal(code, 0, stderr);
    });
  }

  describe('extra/cloudwatch.yaml', () => {
    const node = {
      'host.type': 'm5.large',
      'host.image.id': 'ami-0abc',
      'cloud.region': 'eu-central-1',
      'cloud.availability_zone': 'eu-central-1a',
    };
    let cloudWatch: Server;
    let metrics: EmbeddedMetric[];

    beforeEach(async () => {
      metrics = [];
      cloudWatch = createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          const body = Buffer.concat(parts);
          const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
          if (String(request.headers['x-amz-target']).endsWith('.PutLogEvents'))
            metrics.push(...embeddedMetrics(String(text)));
          // Without the token, which CloudWatch gives, the exporter sends the same again.
          response
            .setHeader('content-type', 'application/x-amz-json-1.1')
            .end(JSON.stringify({ nextSequenceToken: '1' }));
        });
      });
      await once(cloudWatch.listen(0, '127.0.0.1'), 'listening');
    });

    afterEach(() => cloudWatch.close());

    for (const experiment of ['', 'warm-pool'])
      it(`writes each boot event as node-latency-for-k8s does, with experiment "${experiment}"`, async () => {
        const { port } = cloudWatch.address() as AddressInfo;
        await collectors.startGateway(['extra/cloudwatch.yaml'], {
          env: {
            EXPERIMENT: experiment,
            AWS_ACCESS_KEY_ID: 'none',
            AWS_SECRET_ACCESS_KEY: 'none',
          },
          settings: {
            ...collectors.plainDoor,
            exporters: { awsemf: { endpoint: `http://127.0.0.1:${port}` } },
          },
        });
        const boot = { name: 'kube_latency.node.boot.event', unit: 's', resource: node };

        await jsonSender(collectors.plainUrl).gauges([
          { ...boot, value: 7, attributes: { event: 'vm_initialized', extra: 'x' } },
          { ...boot, value: 31, attributes: { event: 'node_ready' } },
          { ...boot, value: 5, attributes: { event: 'pod_created' }, resource: {} },
          { name: 'kube_latency.pod.probes', value: 1, resource: node },
        ]);

        const dimensions = {
          ...(experiment === '' ? {} : { experiment }),
          instanceType: 'm5.large',
          amiID: 'ami-0abc',
          region: 'eu-central-1',
          availabilityZone: 'eu-central-1a',
        };
        const alike = { namespace: 'KubernetesNodeLatency', unit: 'Seconds' };
        await eventually(() => assert.equal(metrics.length, 3));
        assert.deepEqual(
          new Set(metrics),
          new Set([
            { ...alike, name: 'vm_initialized', value: 7, dimensions },
            { ...alike, name: 'node_ready', value: 31, dimensions },
            {
              ...alike,
              name: 'pod_created',
              value: 5,
              dimensions: experiment === '' ? {} : { experiment },
            },
          ]),
        );
      });
  });

  describe('extra/stitcher.yaml', () => {
    const target = { traceId: newTraceId(), spanId: newSpanId() };
    const pod = {
      'k8s.pod.uid': '8c1f3f0e-1111-4222-8333-944455556666',
      // What k8s_attributes reads of the pod; it never replaces what is there.
      'stitcher.traceparent': `00-${target.traceId}-${target.spanId}-01`,
    };

    it('joins a trace that knows its pod, with the ids of the correlator, and no other trace', async () => {
      const send = await startAgent();
      const [known, unknown] = [syncPod(pod), syncPod({})];
      for (const spans of [unknown, known, syncPod({ ...pod, ...unsampled(target) }), unknown])
        for (const span of spans) await send.spans([{ ...span, spanId: span.spanId ?? '' }]);

      const copies = await joined(3);

      const original = new Map(known.map((span) => [span.spanId, span]));
      for (const copy of copies) {
        const of = original.get(String(copy.attributes['kube_latency.original_span_id']));
        assert.ok(of);
        assert.equal(copy.name, of.name);
        assert.equal(copy.traceId, target.traceId);
        assert.equal(copy.spanId, copiedId(target.traceId, of.spanId));
        assert.equal(
          copy.parentSpanId,
          of.parentSpanId === undefined ? target.spanId : copiedId(target.traceId, of.parentSpanId),
        );
        assert.equal(copy.attributes['kube_latency.original_trace_id'], of.traceId);
        assert.equal(copy.attributes['k8s.pod.uid'], pod['k8s.pod.uid']);
      }
    });

    it('mixes up no traces that are released at once', async () => {
      const send = await startAgent();
      const traces = Array.from({ length: 200 }, (_, n) => {
        const traceparent = `00-${newTraceId()}-${newSpanId()}-01`;
        return {
          traceparent,
          spans: syncPod({ 'k8s.pod.uid': `pod-${n}`, 'stitcher.traceparent': traceparent }),
        };
      });
      const strangers = Array.from({ length: 200 }, () => syncPod({}));

      await send.spans([...traces.flatMap(({ spans }) => spans), ...strangers.flat()]);

      const copies = await joined(600);
      const wanted = new Map(
        traces.map(({ traceparent, spans }) => [spans[0]?.traceId, traceparent.slice(3, 35)]),
      );
      for (const { traceId, attributes } of copies)
        assert.equal(traceId, wanted.get(String(attributes['kube_latency.original_trace_id'])));
    });

    async function startAgent(): Promise<ReturnType<typeof jsonSender>> {
      const [port] = await freePorts(1);
      const kubeconfig = join(folder, 'kubeconfig.json');
      await writeFile(kubeconfig, JSON.stringify(nowhere));
      await collectors.startGateway();
      await collectors.startAgent(['extra/stitcher.yaml'], {
        env: { STITCH_WAIT: '2s', KUBECONFIG: kubeconfig },
        settings: {
          receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
        },
      });
      return jsonSender(`http://127.0.0.1:${port}`);
    }

    /** The copies, once there are so many and no more come. */
    async function joined(count: number): Promise<FileSpan[]> {
      const read = async (): Promise<FileSpan[]> =>
        (await readSpans(collectors.spansFile)).filter(
          ({ attributes }) => attributes['kube_latency.stitched'] === true,
        );
      await eventually(async () => assert.ok((await read()).length >= count));
      await collectors.stopAll();
      const copies = await read();
      assert.equal(copies.length, count);
      return copies;
    }
  });
});

function unsampled({
  traceId,
  spanId,
}: {
  traceId: string;
  spanId: string;
}): Record<string, string> {
  return { 'stitcher.traceparent': `00-${traceId}-${spanId}-00` };
}

const nowhere = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  users: [{ name: 'c', user: { token: 'none' } }],
  'current-context': 'c',
};

interface EmbeddedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string | undefined;
  readonly value: unknown;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

interface EmbeddedFormat {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
    }[];
  };
}

/** The metrics that CloudWatch would make of a request: one for each name and set of dimensions. */
function embeddedMetrics(request: string): EmbeddedMetric[] {
  const { logEvents } = JSON.parse(request) as { logEvents: readonly { message: string }[] };
  return logEvents.flatMap(({ message }) => {
    const values = JSON.parse(message) as EmbeddedFormat & Readonly<Record<string, unknown>>;
    return values._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name, Unit }) =>
        Dimensions.map((names) => ({
          namespace: Namespace,
          name: Name,
          unit: Unit,
          value: values[Name],
          dimensions: Object.fromEntries(names.map((name) => [name, values[name]])),
        })),
      ),
    );
  });
}
