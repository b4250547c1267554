import assert from 'node:assert/strict';

import { createRecord, type Trace } from '../../../../receivers/rtt-pinger/core/record.ts';
import { rttFamilies } from '../../../../receivers/rtt-pinger/core/rtt-families.ts';
import { openMetricsText } from '../../../../receivers/shared/metrics/text-format.ts';
import { wantedOf, type Wanted } from '../../../../receivers/rtt-pinger/core/target.ts';
import { exposition } from '../../../../receivers/rtt-pinger/core/exposition.ts';
import { startOtlpExport, type OtlpExport } from '../../../../receivers/rtt-pinger/otlp-export.ts';
import { decodeRequest } from '../correlator/otlp.ts';
import { startFakeCollector, type FakeCollector } from '../shared/fake-collector.ts';
import { decodeMetrics, type DecodedMetric } from './otlp-metrics.ts';
import { peer } from './peers.ts';
import { lost, ok } from './samples.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const place = { node: 'here', zone: 'zone-0', rack: '' };

const targets = Array.from({ length: 40 }, (_, index) =>
  wantedOf(peer(`node-${index}`, `192.0.2.${index}`, { zone: `zone-${index % 2}` }), 'icmp', 0),
);

describe('the export by OTLP', () => {
  let collector: FakeCollector;
  let trace: Trace;
  let nowMs: number;
  const before = process.env;
  beforeEach(async () => {
    collector = await startFakeCollector();
    trace = () => undefined;
    nowMs = 0;
  });
  afterEach(() => {
    process.env = before;
    collector.stop();
  });

  function recording(probed: readonly Wanted[]) {
    const record = createRecord({
      stampsOf: () => 'kernel',
      nowMs: () => nowMs,
      epochMs: () => 1_700_000_000_000,
      trace: (sample, outlier) => trace(sample, outlier),
      pods: true,
    });
    record.follow(probed, { series: 200, maxPairs: 200, ownZone: 'zone-0', tallied: 'icmp' });
    const methodOf = () => ({ method: 'icmp', stamps: 'kernel' });
    const families = () => rttFamilies(record.book, { ...place, methodOf });
    return { record, families };
  }

  function start(
    families: ReturnType<typeof recording>['families'],
    env: NodeJS.ProcessEnv = {},
  ): Promise<OtlpExport> {
    // The SDK reads its own variables nowhere else.
    process.env = { ...before, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...env };
    return startOtlpExport({
      receiver: { families, place: () => place },
      env: process.env,
      log: quiet,
      timeoutMs: 1000,
    });
  }

  const metricsTaken = (): readonly DecodedMetric[] =>
    collector.taken.metrics.flatMap((bytes) => decodeMetrics(bytes));
  const spansTaken = () => collector.taken.traces.flatMap((bytes) => decodeRequest(bytes));

  it('tells pairs, with their nodes and zones', async () => {
    const { record, families } = recording(targets.slice(0, 2));
    for (const each of targets.slice(0, 2)) record.take(ok(each, 2));
    for (const each of targets.slice(0, 2)) record.take(lost(each));
    await (await start(families)).shutdown(5000);

    const found = metricsTaken();
    assert.deepEqual(
      found.map(({ name, unit, kind }) => [name, unit, kind]),
      [
        ['kube_latency.rtt.duration', 's', 'exponentialHistogram'],
        ['kube_latency.rtt.probes', '{probe}', 'sum'],
        ['kube_latency.rtt.late', '{probe}', 'sum'],
        ['kube_latency.rtt.loss', '1', 'gauge'],
      ],
    );
    const failed = found[1]?.points.find(({ attributes }) => attributes['outcome'] === 'failed');
    assert.partialDeepStrictEqual(failed, {
      asDouble: 1,
      attributes: {
        protocol: 'icmp',
        method: 'icmp',
        stamps: 'kernel',
        'source.node': 'here',
        'source.zone': 'zone-0',
        'destination.node': 'node-0',
        'destination.zone': 'zone-0',
        'error.type': 'timeout',
      },
    });
  });

  it('tells zones as exponential histograms that hold every value, where there are too many pairs', async () => {
    const { record, families } = recording(targets);
    for (const [index, each] of targets.entries()) record.take(ok(each, 1 + index));
    await (await start(families)).shutdown(5000);

    const [duration] = metricsTaken();
    assert.equal(duration?.name, 'kube_latency.rtt.duration');
    assert.deepEqual(
      duration.points.map(({ attributes, count }) => [
        attributes['destination.zone'],
        attributes['destination.node'],
        count,
      ]),
      [
        ['zone-0', undefined, 20],
        ['zone-1', undefined, 20],
      ],
    );
    for (const { positive, count, sum, scale } of duration.points) {
      assert.equal(
        positive?.bucketCounts.reduce((all, many) => all + many, 0),
        count,
      );
      assert.ok((sum ?? 0) > 0.3 && (scale ?? 0) > 0);
    }
  });

  it('makes a span of an outlier, to which the exposition by OpenMetrics leads', async () => {
    const [one] = targets;
    assert.ok(one);
    const { record, families } = recording([one]);
    const exporting = await start(families);
    ({ trace } = exporting);
    for (let probe = 0; probe < 30; probe++) record.take(ok(one, 0.2));
    record.take(ok(one, 42));
    record.take(lost(one));
    record.take(lost(one));
    await exporting.shutdown(5000);

    const [slow, failed, ...more] = spansTaken();
    assert.deepEqual(more, []);
    assert.partialDeepStrictEqual(slow, {
      name: 'rtt.probe',
      kind: 3,
      service: 'rtt-pinger',
      attributes: {
        'network.peer.address': '192.0.2.0',
        'network.transport': 'icmp',
        'network.type': 'ipv4',
        'source.node': 'here',
        'source.zone': 'zone-0',
        'destination.node': 'node-0',
        'destination.zone': 'zone-0',
        'kube_latency.rtt.outlier': 'slow',
      },
    });
    assert.equal(slow && Number(slow.endNs - slow.startNs) / 1e6, 42);
    assert.partialDeepStrictEqual(failed?.attributes, {
      'error.type': 'timeout',
      'kube_latency.rtt.outlier': 'failed',
    });
    assert.equal(failed && Number(failed.endNs - failed.startNs) / 1e6, 1000);

    const delays = { from: 'here', sinceMs: 0, protocols: [] };
    const text = [
      ...exposition({ seeds: () => [], delays, families: families() }, openMetricsText),
    ].join('');
    const exemplars = [...text.matchAll(/^(\w+)\{.*\} \d+ # \{(trace_id.*)\} (\S+) 1700000000$/gm)];
    assert.deepEqual(
      exemplars.map(([, name, ids, value]) => [name, ids, value]),
      [
        ['kube_latency_rtt_duration_seconds_bucket', idsOf(slow), '0.042'],
        ['kube_latency_rtt_probes_total', idsOf(failed), '1'],
      ],
    );
  });

  it('makes no more spans than its allowance, and counts the others', async () => {
    const { record, families } = recording(targets);
    const exporting = await start(families);
    ({ trace } = exporting);
    for (const each of targets) record.take(ok(each, 1));
    for (const each of targets) record.take(lost(each));
    nowMs += 2000;
    for (const each of targets) record.take(ok(each, 1));
    for (const each of targets) record.take(lost(each));
    await exporting.shutdown(5000);

    assert.equal(spansTaken().length, 12);
    assert.deepEqual(record.outliers(), { all: 80, suppressed: 68 });
  });

  it('leads to no span that the sampler left out', async () => {
    const { record, families } = recording(targets.slice(0, 1));
    const exporting = await start(families, { OTEL_TRACES_SAMPLER: 'always_off' });
    const [one] = targets;
    assert.ok(one);
    record.take(ok(one, 1));

    assert.equal(exporting.trace(lost(one), 'failed'), undefined);
    await exporting.shutdown(5000);
  });

  for (const [signal, other] of [
    ['metrics', 'traces'],
    ['traces', 'metrics'],
  ] as const)
    it(`sends ${signal} where these alone have an endpoint`, async () => {
      const { record, families } = recording(targets.slice(0, 1));
      const [one] = targets;
      assert.ok(one);
      const exporting = await start(families, { [`OTEL_${other.toUpperCase()}_EXPORTER`]: 'none' });
      ({ trace } = exporting);
      record.take(ok(one, 1));
      record.take(lost(one));
      await exporting.shutdown(5000);

      assert.deepEqual([collector.taken[signal].length, collector.taken[other].length], [1, 0]);
    });
});

function idsOf(span: { readonly traceId: string; readonly spanId: string } | undefined): string {
  return `trace_id="${span?.traceId}",span_id="${span?.spanId}"`;
}
