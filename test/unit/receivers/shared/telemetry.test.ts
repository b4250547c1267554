import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';

import { status } from '@grpc/grpc-js';
import type { Span } from '@opentelemetry/api';

import { derivedSpanId } from '../../../../receivers/shared/derived-id.ts';
import type { Log } from '../../../../receivers/shared/log.ts';
import { startTelemetry, type Telemetry } from '../../../../receivers/shared/telemetry.ts';
import { exportsSignal } from '../../../../receivers/shared/telemetry-pipelines.ts';
import { startFakeCollector, type FakeCollector } from './fake-collector.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const traceId = '0af7651916cd43dd8448eb211c80319c';

function start(
  endpoint: string | undefined,
  env: NodeJS.ProcessEnv = {},
  log = silent,
): Promise<Telemetry> {
  const settings = { serviceName: 'pod-prober', serviceVersion: '1.2.3', log };
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

  it('delivers log records where that is asked for, after the collector was unavailable, too', async () => {
    collector.failures.push(status.UNAVAILABLE);
    const env = { OTEL_METRICS_EXPORTER: 'none', OTEL_TRACES_EXPORTER: 'none' };
    const telemetry = await startTelemetry({
      serviceName: 'rtt-aggregator',
      serviceVersion: '1.2.3',
      endpoint: collector.endpoint,
      env,
      log: silent,
      logs: true,
    });
    telemetry.logger.emit({ body: 'node worker: at fault' });
    await telemetry.shutdown(9000);

    const [batch, ...others] = collector.taken.logs;
    assert.ok(batch?.includes('node worker: at fault'));
    assert.ok(batch?.includes('rtt-aggregator'));
    assert.deepEqual(others, []);
  });

  it('delivers after the collector was unavailable for a moment', async () => {
    collector.failures.push(status.UNAVAILABLE, status.UNAVAILABLE);
    const telemetry = await start(collector.endpoint, { OTEL_METRICS_EXPORTER: 'none' });
    emit(telemetry, 'prober.main');
    const outcome = await telemetry.shutdown(9000);

    assert.equal(outcome.spans.delivered, 1);
    assert.deepEqual(outcome.problems, []);
  });

  it('sends the same spans under the same ids when an acknowledgement was lost', async () => {
    collector.failures.push(status.UNAVAILABLE);
    const telemetry = await start(collector.endpoint, { OTEL_METRICS_EXPORTER: 'none' });
    emit(telemetry, 'prober.main');
    emit(telemetry, 'prober.cleanup');
    await telemetry.shutdown(9000);

    assert.equal(collector.refused.length, 1);
    assert.deepEqual(collector.taken.traces, collector.refused);
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

  it('warns while it runs when the collector refuses spans, and counts them', async () => {
    collector.failures.push(status.INVALID_ARGUMENT, status.INVALID_ARGUMENT);
    const warned = Promise.withResolvers<object>();
    let warnings = 0;
    const warn = (fields: object, message: string): void => {
      if (message !== 'telemetry is lost') return;
      warnings++;
      warned.resolve(fields);
    };
    const env = {
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
    };
    const telemetry = await start(collector.endpoint, env, { ...silent, warn });
    emit(telemetry, 'prober.main');
    emit(telemetry, 'prober.cleanup');
    const fields = await warned.promise;
    await telemetry.shutdown(5000);

    assert.partialDeepStrictEqual(fields, { signal: 'traces', reason: 'refused', total: 1 });
    assert.equal(warnings, 1);
    assert.deepEqual(telemetry.losses(), [{ signal: 'traces', reason: 'refused', count: 2 }]);
  });

  it('counts the spans that find the queue full', async () => {
    const env = {
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
    };
    const telemetry = await start(collector.endpoint, env);
    for (let n = 0; n < 100; n++) telemetry.tracer.startSpan(`burst ${n}`, { root: true }).end();
    const { spans } = await telemetry.shutdown(5000);

    assert.ok(spans.dropped > 0);
    assert.deepEqual(telemetry.losses(), [
      { signal: 'traces', reason: 'queue_full', count: spans.dropped },
    ]);
  });

  it('sends metrics as often as OTEL_METRIC_EXPORT_INTERVAL says', async () => {
    const telemetry = await start(collector.endpoint, { OTEL_METRIC_EXPORT_INTERVAL: '10' });
    telemetry.meter.createCounter('kube_latency.test').add(1);
    while (collector.taken.metrics.length < 2) await setImmediate();
    await telemetry.shutdown(5000);
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
