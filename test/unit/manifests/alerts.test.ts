import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Meter } from '@opentelemetry/api';
import { createCounts, dropReasons } from '../../../receivers/correlator/core/counts.ts';
import { observeCounts } from '../../../receivers/correlator/metrics.ts';
import { instruments } from '../../../receivers/pod-prober/metrics.ts';
import { bootMetricNames } from './boot-metrics.ts';
import { readYaml, root } from './objects.ts';
import { rttLabelNames, rttMetricNames } from './rtt-metrics.ts';

const rewriting = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined;
const rulesFile = 'manifests/alerts/kube-latency.rules.yaml';
const operatorFile = 'manifests/components/service-monitors/prometheus-rule-kube-latency.yaml';

interface Group {
  readonly rules: readonly {
    readonly record?: string;
    readonly alert?: string;
    readonly expr: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

/** Those of the Collector v0.159: its helpers' generated_telemetry.go, as seen at /metrics. */
const ofTheCollector = [
  ...['spans', 'metric_points', 'log_records'].flatMap((items) => [
    `otelcol_receiver_refused_${items}`,
    `otelcol_exporter_enqueue_failed_${items}`,
    `otelcol_exporter_send_failed_${items}`,
  ]),
  'otelcol_exporter_queue_capacity',
  'otelcol_exporter_queue_size',
];

describe('manifests/alerts', () => {
  const { groups } = readYaml(rulesFile) as { groups: readonly Group[] };
  const rules = groups.flatMap((group) => group.rules);
  const alerts = rules.filter(({ alert }) => alert !== undefined);

  it('use metrics that collectors and receivers have', () => {
    const known = new Set([
      ...ofTheCollector.flatMap((name) => [name, `${name}_total`]),
      ...Object.values(instruments).map(({ name }) => `${underscored(name)}_total`),
      ...counterNames().map((name) => `${underscored(name)}_total`),
      ...rttMetricNames,
      ...bootMetricNames,
      ...rttLabelNames,
      ...rules.flatMap(({ record }) => record ?? []),
    ]);
    const used = rules.flatMap(({ expr }) => expr.match(/\b(otelcol|kube_latency)[\w:]+/g) ?? []);

    assert.deepEqual(
      [...new Set(used)].filter((name) => !known.has(name)),
      [],
    );
  });

  it('name reasons for which the correlator drops spans', () => {
    const expr = alerts.find(({ alert }) => alert === 'KubeLatencyCorrelatorLosing')?.expr ?? '';
    const [, reasons = ''] = /reason=~"([^"]+)"/.exec(expr) ?? [];

    for (const reason of reasons.split('|'))
      assert.ok((dropReasons as readonly string[]).includes(reason), reason);
  });

  it('say how bad it is, what happened, and where to look', () => {
    for (const { alert, labels, annotations } of alerts) {
      assert.ok(['warning', 'critical'].includes(labels?.['severity'] ?? ''), alert);
      assert.deepEqual(Object.keys(annotations ?? {}), ['summary', 'description'], alert);
    }
  });

  it('have a test each', () => {
    const tests = readFileSync(new URL('manifests/alerts/kube-latency.test.yaml', root), 'utf8');

    for (const { alert } of alerts)
      assert.ok(
        tests.includes(`alertname="${alert}"`) || tests.includes(`alertname: ${alert}\n`),
        alert,
      );
  });

  it('are the same for the Prometheus Operator', () => {
    if (rewriting) writeOperatorFile();
    const { spec } = readYaml(operatorFile) as { spec: { groups: readonly Group[] } };

    assert.deepEqual(spec.groups, groups);
  });
});

function writeOperatorFile(): void {
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
  const [head] = read(operatorFile).split(/^ {2}groups:$/m);
  const rules = read(rulesFile);
  const groups = rules.slice(rules.search(/^groups:$/m)).replaceAll(/^(?=.)/gm, '  ');
  writeFileSync(new URL(operatorFile, root), `${head}${groups}`);
}

/** How Prometheus writes a name of ours. */
function underscored(name: string): string {
  return name.replaceAll('.', '_');
}

/** The correlator's counters. */
function counterNames(): string[] {
  const names: string[] = [];
  const observable = { addCallback: () => undefined };
  const meter = {
    createObservableCounter: (name: string) => {
      names.push(name);
      return observable;
    },
    createObservableGauge: () => observable,
  };
  observeCounts(meter as unknown as Meter, createCounts());
  return names;
}
