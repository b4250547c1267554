import assert from 'node:assert/strict';

import { mergeDefinitions } from '../../../../../receivers/log-tailer/boot/definitions.ts';
import { bootRecords } from '../../../../../receivers/log-tailer/boot/records.ts';
import type { Activity } from '../../../../../receivers/log-tailer/core/activity.ts';
import { joinEvidence, type Evidence } from '../../../../../receivers/log-tailer/core/evidence.ts';
import { kubernetesEvents } from '../../../../../receivers/log-tailer/sources/kubernetes/events.ts';
import { bootNs, definitions, goodBoot, reports, secondNs } from './samples.ts';

const later = (seconds: number) =>
  goodBoot.map((each) => ({ ...each, atUnixNs: each.atUnixNs + BigInt(seconds) * secondNs }));

const unit = (from: number, bootId?: string): Activity => ({
  kind: 'unit',
  name: `unit-${from}.service`,
  source: 'Journal',
  fromUnixNs: bootNs + BigInt(from) * secondNs,
  toUnixNs: bootNs + BigInt(from + 1) * secondNs,
  precisionNs: 1000,
  ...(bootId === undefined ? {} : { bootId }),
});

const evidence = (rest: Partial<Evidence>): Evidence => ({
  occurrences: [],
  activities: [],
  reports,
  facts: {},
  ...rest,
});

describe('the records of boots', () => {
  it('are one for each boot, with what belongs to it', () => {
    const records = bootRecords({
      definitions,
      evidence: evidence({
        occurrences: [...goodBoot, ...later(3000)],
        activities: [unit(2), unit(3002)],
        facts: { name: 'worker-1', bootId: 'd'.repeat(32) },
      }),
    });

    assert.deepEqual(
      records.map(({ facts, measurement, activities }) => [
        facts,
        measurement.complete,
        activities.map(({ name }) => name),
      ]),
      [
        [{ name: 'worker-1' }, true, ['unit-2.service']],
        [{ name: 'worker-1', bootId: 'd'.repeat(32) }, true, ['unit-3002.service']],
      ],
    );
  });

  it('go by the names of boots where both sides have them', () => {
    const [first, second] = bootRecords({
      definitions,
      evidence: evidence({
        occurrences: [
          ...goodBoot.map((each) => ({ ...each, bootId: 'a'.repeat(32) })),
          ...later(3000).map((each) => ({ ...each, bootId: 'b'.repeat(32) })),
        ],
        activities: [unit(2, 'b'.repeat(32))],
      }),
    });

    assert.deepEqual([first?.activities.length, second?.activities.length], [0, 1]);
  });

  it('are one without events where nothing happened', () => {
    const records = bootRecords({ definitions, evidence: evidence({}) });

    assert.deepEqual(
      records.map(({ measurement }) => [measurement.zero, measurement.complete]),
      [[undefined, false]],
    );
  });
});

describe('evidence of several sources', () => {
  it('is put together, facts of the first before those of the others', () => {
    const joined = joinEvidence([
      evidence({ facts: { instanceType: 'c6a.large' }, reports: [{ source: 'EC2 IMDS' }] }),
      evidence({ facts: { instanceType: 'other', name: 'worker-1' }, occurrences: goodBoot }),
    ]);

    assert.deepEqual(joined.facts, { instanceType: 'c6a.large', name: 'worker-1' });
    assert.equal(joined.occurrences.length, goodBoot.length);
    assert.deepEqual(
      joined.reports.map(({ source }) => source),
      ['EC2 IMDS', ...reports.map(({ source }) => source)],
    );
  });
});

describe('definitions of several sources', () => {
  it('are one list in the usual order, with the sources of each', () => {
    const own = {
      name: 'Own',
      metric: 'own_event',
      selector: 'first' as const,
      terminal: false,
      sources: ['Messages'],
    };

    const merged = mergeDefinitions([own], definitions, kubernetesEvents);

    assert.deepEqual(
      merged.map(({ metric, sources }) => [metric, sources.join()]),
      [
        ['pod_created', 'K8s'],
        ['instance_pending', 'EC2 IMDS'],
        ['vm_initialized', 'Messages'],
        ['conatinerd_start', 'Messages'],
        ['kubelet_start', 'Messages'],
        ['kubelet_initialized', 'Messages'],
        ['kubelet_registered', 'Messages,K8s'],
        ['pod_scheduled', 'K8s'],
        ['vpc_cni_plugin_initialized', 'aws-node'],
        ['network_plugin_ready', 'K8s'],
        ['kube_apiserver_throttled', 'Messages'],
        ['node_ready', 'Messages,K8s'],
        ['node_schedulable', 'K8s'],
        ['pod_ready', 'K8s,Messages'],
        ['own_event', 'Messages'],
      ],
    );
  });
});
