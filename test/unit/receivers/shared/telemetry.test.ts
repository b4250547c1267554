import assert from 'node:assert/strict';

import { status } from '@grpc/grpc-js';
import type { Span } from '@opentelemetry/api';

import { derivedSpanId } from '../../../../receivers/shared/derived-id.ts';
import type { Log } from '../../../../receivers/shared/log.ts';
import { startTelemetry, type Telemetry } from '../../../../receivers/shared/telemetry.ts';
import { exportsSignal } from '../../../../receivers/shared/telemetry-pipelines.ts';
import { startFakeCollector, type FakeCollector } from './fake-collector.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const traceId = '0af7651916cd43dd8448eb211c80319c';

function start(endpoint: string | undefined, env: NodeJS.ProcessEnv = {}): Promise<Telemetry> {
  const settings = { serviceName: 'pod-prober', serviceVersion: '1.2.3', log: silent };
  return startTelemetry({ ...settings, endpoint, env });
}

function emit(telemetry: Telemetry, name: string): Span {
  const ids = { traceId, spanId: derivedSpanId(traceId, name) };
  const span = telemetry.ids.withIds(ids, () => telemetry.tracer.startSpan(name, { root: true }));
  span.end();
  return span;
}

describe('startTelemetry', () => {
  let collector: FakeCollector;

  beforeEach(async () => {
    collector = await startFakeCollector();
  });

  afterEach(() => collector.stop());

  it('delivers spans with the ids they are told, and metrics', async () => {
    const telemetry = await start(collector.endpoint);
    emit(telemetry, 'prober.main');
    telemetry.meter.createCounter('kube_latency.test').add(1);
    const outcome = await telemetry.shutdown(5000);

    const [batch] = collector.taken.traces;
    assert.ok(batch?.includes(Buffer.from(traceId, 'hex')));
    assert.ok(batch?.includes(Buffer.from(derivedSpanId(traceId, 'prober.main'), 'hex')));
    assert.ok(batch?.includes('pod-prober'));
    assert.equal(collector.taken.metrics.length, 1);
    assert.deepEqual(outcome, {
      exporting: true,
      spans: { ended: 1, delivered: 1, dropped: 0 },
      metrics: { delivered: 1, dropped: 0 },
      problems: [],
    });
  });

  it('delivers after the collector was unavailable for a moment', async () => {
    collector.failures.push(status.UNAVAILABLE, status.UNAVAILABLE);
    const telemetry = await start(collector.endpoint, { OTEL_METRICS_EXPORTER: 'none' });
    emit(telemetry, 'prober.main');
    const outcome = await telemetry.shutdown(9000);

    assert.equal(outcome.spans.delivered, 1);
    assert.deepEqual(outcome.problems, []);
  });

  it('keeps every span of a burst larger than the default queue', async () => {
    const telemetry = await start(collector.endpoint);
    for (let n = 0; n < 10_000; n++) telemetry.tracer.startSpan(`burst ${n}`, { root: true }).end();
    const outcome = await telemetry.shutdown(9000);

    assert.deepEqual(outcome.spans, { ended: 10_000, delivered: 10_000, dropped: 0 });
  });

  it('tells what it could not deliver, within its deadline, and does not reject', async () => {
    const { endpoint } = collector;
    collector.stop();
    const telemetry = await start(endpoint, { OTEL_METRICS_EXPORTER: 'none' });
    emit(telemetry, 'prober.main');
    const startedMs = performance.now();
    const outcome = await telemetry.shutdown(300);

    assert.ok(performance.now() - startedMs < 3000);
    assert.deepEqual(outcome.spans, { ended: 1, delivered: 0, dropped: 1 });
    assert.match(outcome.problems.join(' '), /UNAVAILABLE/);
  });

  it('samples without a collector, for other programs may record the trace', async () => {
    const telemetry = await start(undefined);
    const span = emit(telemetry, 'prober.main');
    const outcome = await telemetry.shutdown(1000);

    assert.equal(span.spanContext().traceFlags, 1);
    assert.equal(outcome.exporting, false);
    assert.deepEqual(outcome.problems, []);
  });

  it('gives the same outcome when shut down twice', async () => {
    const telemetry = await start(undefined);

    assert.equal(await telemetry.shutdown(1000), await telemetry.shutdown(1000));
  });
});

describe('exportsSignal', () => {
  const cases: readonly [string, NodeJS.ProcessEnv, boolean][] = [
    ['no endpoint', {}, false],
    ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    ['the general endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317' }, true],
    ["the signal's endpoint", { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4317' }, true],
    ["another signal's endpoint", { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c:4317' }, false],
    [
      'exporter none',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' },
      false,
    ],
    [
      'the SDK disabled',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' },
      false,
    ],
  ];
  for (const [what, env, expected] of cases) {
    it(`is ${expected} with ${what}`, () => {
      assert.equal(exportsSignal('traces', undefined, env), expected);
    });
  }
});
