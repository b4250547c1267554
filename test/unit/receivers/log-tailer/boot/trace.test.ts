import assert from 'node:assert/strict';

import type { BootRecord } from '../../../../../receivers/log-tailer/boot/boot-record.ts';
import { measure } from '../../../../../receivers/log-tailer/boot/measure.ts';
import type { BootSpan } from '../../../../../receivers/log-tailer/boot/trace/boot-span.ts';
import { bootTrace } from '../../../../../receivers/log-tailer/boot/trace/boot-trace.ts';
import type { Activity } from '../../../../../receivers/log-tailer/core/activity.ts';
import type { Occurrence } from '../../../../../receivers/log-tailer/core/occurrence.ts';
import { bootNs, definitions, goodBoot, occurred, reports, secondNs } from './samples.ts';

const facts = {
  bootId: 'c'.repeat(32),
  uid: '0f0e3a52-8a0c-4d5c-9b1c-6d1f5d7b2a11',
  name: 'worker-1',
  architecture: 'x86_64',
  containerRuntime: 'containerd://2.2.0',
};

function activity(kind: Activity['kind'], name: string, from: number, to: number): Activity {
  const at = (seconds: number) => bootNs + BigInt(Math.round(seconds * 1e6)) * 1000n;
  const times = { fromUnixNs: at(from), toUnixNs: at(to), precisionNs: 1000 };
  return { kind, name, source: 'Journal', ...times };
}

const userspace: readonly Activity[] = [
  activity('kernel', 'kernel', 0, 1.5),
  activity('userspace', 'userspace', 1.5, 7),
  activity('unit', 'chronyd.service', 1.6, 1.7),
  activity('unit', 'cloud-config.service', 2, 6.9),
];

const recordOf = (
  occurrences: readonly Occurrence[],
  rest: Partial<BootRecord> = {},
): BootRecord => ({
  facts,
  measurement: measure({ definitions, occurrences, reports }),
  activities: [],
  ...rest,
});

function spansOf(record: BootRecord): readonly BootSpan[] {
  return bootTrace(record)?.spans ?? [];
}

const named = (spans: readonly BootSpan[], name: string) =>
  spans.find((span) => span.name === `node.boot${name}`);

const times = (span: BootSpan | undefined) =>
  span === undefined
    ? undefined
    : [span.startUnixNs, span.endUnixNs].map((ns) => Number(ns - bootNs) / 1e9);

describe('the trace of a boot', () => {
  it('begins with the earliest event and ends with the last terminal one', () => {
    const cni = occurred('kube_apiserver_throttled', 40);

    const spans = spansOf(recordOf([...goodBoot, cni]));

    const [root] = spans;
    assert.deepEqual(times(root), [0, 25]);
    assert.deepEqual(
      [root?.name, root?.parent, root?.failure],
      ['node.boot', undefined, undefined],
    );
    assert.equal(root?.attributes['kube_latency.boot.complete'], true);
    assert.deepEqual(
      root?.events.map(({ name }) => name),
      [
        'vm_initialized',
        'conatinerd_start',
        'kubelet_start',
        'kubelet_initialized',
        'kubelet_registered',
        'vpc_cni_plugin_initialized',
        'node_ready',
        'pod_ready',
        'kube_apiserver_throttled',
      ],
    );
  });

  it('has the stages whose two ends are known', () => {
    const spans = spansOf(recordOf(goodBoot));

    assert.deepEqual(
      spans.slice(1).map((span) => [span.name, ...(times(span) ?? [])]),
      [
        ['node.boot.kubelet', 7, 7],
        ['node.boot.registration', 7, 8],
        ['node.boot.cni', 8, 15.101402],
        ['node.boot.ready', 8, 18],
      ],
    );
  });

  it('has kernel, userspace and its units where a source tells them', () => {
    const spans = spansOf(recordOf(goodBoot, { activities: userspace }));

    assert.deepEqual(times(named(spans, '.kernel')), [0, 1.5]);
    assert.equal(named(spans, '.unit#chronyd.service')?.parent, 'node.boot.userspace');
    const order = spans.map(({ name }) => name);
    assert.ok(spans.every(({ parent }, at) => parent === undefined || order.indexOf(parent) < at));
  });

  it('marks what the end waited for, and for how long', () => {
    const spans = spansOf(recordOf(goodBoot, { activities: userspace }));

    const critical = spans.filter(({ attributes }) => attributes['kube_latency.critical_path']);
    assert.deepEqual(
      critical.map(({ name, attributes }) => [
        name,
        attributes['kube_latency.critical_path.duration'],
      ]),
      [
        ['node.boot.kernel', 1.5],
        ['node.boot.userspace', 0.5],
        ['node.boot.unit#cloud-config.service', 4.9],
        ['node.boot.unit#chronyd.service', 0.1],
        ['node.boot.registration', 1],
        ['node.boot.ready', 10],
      ],
    );
  });

  it('has ids that follow from the boot and the node alone', () => {
    const early = bootTrace(recordOf(goodBoot.slice(0, 3)));
    const late = bootTrace(recordOf(goodBoot, { activities: userspace }));
    const other = bootTrace(recordOf(goodBoot, { facts: { ...facts, uid: 'another' } }));

    assert.match(late?.traceId ?? '', /^[0-9a-f]{32}$/);
    assert.equal(early?.traceId, late?.traceId);
    assert.notEqual(other?.traceId, late?.traceId);
  });

  it('says what was not reached', () => {
    const [root] = spansOf(recordOf(goodBoot.filter(({ event }) => event !== 'node_ready')));

    assert.equal(root?.failure, 'not reached: node_ready');
    assert.equal(root?.attributes['kube_latency.boot.complete'], false);
    assert.deepEqual(root?.attributes['kube_latency.boot.missing'], [
      'instance_pending',
      'kube_apiserver_throttled',
      'node_ready',
    ]);
  });

  it("tells the node by OpenTelemetry's conventions", () => {
    const [root] = spansOf(recordOf(goodBoot));

    const { attributes = {} } = root ?? {};
    assert.deepEqual(
      ['host.arch', 'k8s.node.name', 'k8s.node.uid', 'os.type', 'container.runtime.version'].map(
        (key) => attributes[key],
      ),
      ['amd64', 'worker-1', facts.uid, 'linux', '2.2.0'],
    );
    assert.ok(!('host.id' in attributes));
  });

  it('leaves a stage out whose ends are the wrong way round', () => {
    const turned = [occurred('kubelet_start', 9), occurred('kubelet_initialized', 7)];

    assert.deepEqual(spansOf(recordOf(turned)).slice(1), []);
  });

  it('tells the longest of very many units, each once', () => {
    const activities = Array.from({ length: 300 }, (_, index) =>
      activity('unit', `unit-${index % 150}.service`, 1, 1 + index / 100),
    );

    const units = spansOf(recordOf(goodBoot, { activities })).filter(({ name }) =>
      name.includes('unit#'),
    );

    assert.equal(units.length, 100);
    assert.deepEqual(
      times(units.find(({ name }) => name.endsWith('#unit-149.service'))),
      [1, 3.99],
    );
  });

  it('tells of what happens again and again so often as a span can hold', () => {
    const many = Array.from({ length: 200 }, (_, at) => occurred('kube_apiserver_throttled', at));

    const [root] = spansOf(recordOf([...goodBoot, ...many]));

    assert.equal(root?.events.filter(({ name }) => name.endsWith('throttled')).length, 50);
  });

  it('is none where nothing happened', () => {
    assert.equal(bootTrace(recordOf([])), undefined);
  });

  it('measures a boot whose stages were told in nanoseconds exactly', () => {
    const exact = [occurred('vm_initialized', 0), occurred('node_ready', 1)].map((each) => ({
      ...each,
      atUnixNs: each.atUnixNs + 123_456_789n,
      precisionNs: 1,
    }));

    const [root] = spansOf(recordOf(exact));

    assert.equal(root?.startUnixNs, bootNs + 123_456_789n);
    assert.equal(root?.endUnixNs, bootNs + secondNs + 123_456_789n);
  });
});
