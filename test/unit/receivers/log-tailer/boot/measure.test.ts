import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { measure } from '../../../../../receivers/log-tailer/boot/measure.ts';
import type { Measurement } from '../../../../../receivers/log-tailer/boot/measurement.ts';
import type { Occurrence } from '../../../../../receivers/log-tailer/core/occurrence.ts';
import { bootNs, definitions, goodBoot, occurred, reports, secondNs } from './samples.ts';

const measured = (occurrences: readonly Occurrence[], anchor?: string): Measurement =>
  measure({ definitions, occurrences, reports, anchor });

const told = ({ timings }: Measurement) =>
  timings.map(({ event, sinceNs }) => [event.metric, Number(sinceNs) / 1e9]);

const why = ({ missing }: Measurement, metric: string) =>
  missing.find(({ event }) => event.metric === metric)?.why;

describe('measure', () => {
  it('tells each event since the earliest, by time, ties in the order of the definitions', () => {
    assert.deepEqual(told(measured(goodBoot)), [
      ['vm_initialized', 0],
      ['conatinerd_start', 3],
      ['kubelet_start', 7],
      ['kubelet_initialized', 7],
      ['kubelet_registered', 8],
      ['vpc_cni_plugin_initialized', 15.101402],
      ['node_ready', 18],
      ['pod_ready', 25],
    ]);
  });

  it('is the same whatever order the sources came in', () => {
    const expected = told(measured(goodBoot));
    const shuffled = fc.shuffledSubarray([...goodBoot], { minLength: goodBoot.length });

    fc.assert(
      fc.property(shuffled, (occurrences) => {
        assert.deepEqual(told(measured(occurrences)), expected);
      }),
    );
  });

  it('takes the last, or all, where the definition says so', () => {
    const twice = [...goodBoot, ...[9, 12].map((at) => occurred('kube_apiserver_throttled', at))];
    const last = definitions.map((each) =>
      each.metric === 'conatinerd_start' ? { ...each, selector: 'last' as const } : each,
    );

    const measurement = measure({ definitions: last, occurrences: twice, reports });

    assert.deepEqual(
      told(measurement).filter(([metric]) => /throttled|conatinerd/.test(String(metric))),
      [
        ['conatinerd_start', 5],
        ['kube_apiserver_throttled', 9],
        ['kube_apiserver_throttled', 12],
      ],
    );
  });

  it('believes the first of the sources of an event that told of it, and it alone', () => {
    const late = occurred('pod_ready', 27, { source: 'K8s' });
    const early = occurred('kubelet_registered', 7.5, { source: 'K8s' });

    const { timings } = measured([...goodBoot, late, early]);

    const of = (metric: string) => timings.find(({ event }) => event.metric === metric);
    assert.deepEqual([of('pod_ready')?.source, of('pod_ready')?.sinceNs], ['K8s', 27n * secondNs]);
    assert.equal(of('kubelet_registered')?.source, 'Messages');
  });

  it('counts from the chosen anchor, what is before it negatively', () => {
    const { zero, timings } = measured(goodBoot, 'kubelet_start');

    assert.deepEqual(zero, {
      event: 'kubelet_start',
      atUnixNs: bootNs + 7n * secondNs,
      precisionNs: 1e9,
      anchored: true,
    });
    assert.equal(timings[0]?.sinceNs, -7n * secondNs);
  });

  it('counts from the earliest, and says so, where the anchor has not happened', () => {
    const { zero } = measured(goodBoot, 'instance_pending');

    assert.deepEqual([zero?.event, zero?.anchored], ['vm_initialized', false]);
  });

  it('keeps what came after the last terminal event, marked', () => {
    const cni = occurred('vpc_cni_plugin_initialized', 31, { source: 'aws-node' });
    const rest = goodBoot.filter(({ event }) => event !== cni.event);

    const { timings, endUnixNs } = measured([...rest, cni]);

    assert.equal(endUnixNs, bootNs + 25n * secondNs);
    assert.deepEqual(
      timings.filter(({ afterEnd }) => afterEnd).map(({ event }) => event.metric),
      ['vpc_cni_plugin_initialized'],
    );
  });

  it('names what is missing, and is not complete without an awaited terminal event', () => {
    const measurement = measured(goodBoot.filter(({ event }) => event !== 'node_ready'));

    assert.deepEqual(
      measurement.missing.map(({ event, awaited }) => [event.metric, awaited]),
      [
        ['instance_pending', false],
        ['kube_apiserver_throttled', false],
        ['node_ready', true],
      ],
    );
    assert.equal(measurement.complete, false);
    assert.equal(measured(goodBoot).complete, true);
  });

  it('does not await a terminal event that no source takes part for', () => {
    const occurrences = goodBoot.filter(({ event }) => !event.endsWith('ready'));

    const { complete, missing } = measure({ definitions, occurrences, reports: [] });

    assert.equal(complete, true);
    assert.equal(
      missing.find(({ event }) => event.metric === 'pod_ready')?.why,
      'no source that tells of it takes part: K8s, Messages',
    );
  });

  it('keeps the reasons of sources as text', () => {
    const measurement = measure({
      definitions,
      occurrences: [],
      reports: [
        { source: 'EC2 IMDS', problem: 'no answer from http://169.254.169.254 within 1 s' },
        { source: 'Messages' },
        { source: 'K8s', events: { pod_ready: 'no pod of namespace default is on the node' } },
      ],
    });

    assert.equal(
      why(measurement, 'instance_pending'),
      'EC2 IMDS: no answer from http://169.254.169.254 within 1 s',
    );
    assert.equal(
      why(measurement, 'pod_ready'),
      'not told by Messages; K8s: no pod of namespace default is on the node',
    );
    assert.equal(why(measurement, 'node_ready'), 'not told by Messages, K8s');
  });

  it('measures nothing, and has no time zero, where nothing happened', () => {
    const { zero, timings, endUnixNs, complete } = measured([]);

    assert.deepEqual([zero, timings, endUnixNs, complete], [undefined, [], undefined, false]);
  });

  it('does not count what is not defined', () => {
    assert.deepEqual(
      told(measured([...goodBoot, occurred('other', -100)])),
      told(measured(goodBoot)),
    );
  });
});
