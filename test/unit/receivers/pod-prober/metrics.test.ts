import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';

import { createProbeMetrics, instruments } from '../../../../receivers/pod-prober/metrics.ts';
import { phasesOf } from '../../../../receivers/pod-prober/record-phases.ts';
import { at, record } from './samples.ts';

describe('createProbeMetrics', () => {
  it('records the length of completed phases only, in seconds, and counts failures by reason', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter });
    const provider = new MeterProvider({ readers: [reader] });
    const metrics = createProbeMetrics(provider.getMeter('test'), () => [
      { signal: 'traces', reason: 'timeout', count: 512 },
    ]);
    const failure = { reason: 'image_pull', message: 'no such image' } as const;
    metrics.record(phasesOf(record(), new Map()), null);
    const failed = record({ waitFailure: failure, waitedNs: at(100), update: null });
    metrics.record(phasesOf(failed, new Map()), 'image_pull');
    await provider.forceFlush();
    const all = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics));
    const points = (name: string): { attributes: object; value: unknown }[] =>
      all.find((each) => each.descriptor.name === name)?.dataPoints ?? [];

    const counts = points('kube_latency.pod.probes').map(({ attributes, value }) => [
      attributes,
      value,
    ]);
    assert.deepEqual(counts, [
      [{ outcome: 'ok' }, 1],
      [{ outcome: 'failed', 'error.type': 'image_pull' }, 1],
    ]);
    const durations = points('kube_latency.pod.phase.duration').map(({ attributes, value }) => {
      const { count, sum } = value as { count: number; sum: number };
      return [(attributes as { phase: string }).phase, count, Math.round(sum * 1000)];
    });
    assert.deepEqual(durations, [
      ['create', 2, 10],
      ['schedule', 2, 30],
      ['start', 1, 480],
      ['ready', 1, 100],
      ['wait', 1, 595],
      ['update', 1, 10],
      ['cleanup', 2, 740],
    ]);
    const lost = points('kube_latency.telemetry.dropped');
    assert.deepEqual(
      lost.map(({ attributes, value }) => [attributes, value]),
      [[{ signal: 'traces', reason: 'timeout' }, 512]],
    );
    await provider.shutdown();
  });
});

describe('instruments', () => {
  const path = new URL('../../../../receivers/pod-prober/README.md', import.meta.url);
  // Tables are padded by the formatter.
  const readme = readFileSync(path, 'utf8').replaceAll(/ +/g, ' ');

  for (const { name, unit, description, attributes } of Object.values(instruments)) {
    it(`are told in the README: ${name}`, () => {
      const listed = attributes.map((each) => `\`${each}\``).join(', ');

      assert.ok(readme.includes(`| \`${name}\` | ${unit} | ${description} | ${listed} |`));
    });
  }
});
