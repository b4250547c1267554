import assert from 'node:assert/strict';

import type { BootRecord } from '../../../../../receivers/log-tailer/boot/boot-record.ts';
import {
  bootFamilies,
  withLabels,
} from '../../../../../receivers/log-tailer/boot/boot-families.ts';
import { classicText } from '../../../../../receivers/log-tailer/boot/classic-text.ts';
import { measure } from '../../../../../receivers/log-tailer/boot/measure.ts';
import type { Occurrence } from '../../../../../receivers/log-tailer/core/occurrence.ts';
import { familyText } from '../../../../../receivers/shared/metrics/exposition.ts';
import {
  openMetricsText,
  prometheusText,
} from '../../../../../receivers/shared/metrics/text-format.ts';
import { definitions, goodBoot, occurred, reports } from './samples.ts';

const facts = {
  instanceType: 'c6a.large',
  imageId: 'ami-0bf8f0f9cd3cce116',
  region: 'us-east-2',
  availabilityZone: 'us-east-2b',
};
const throttled = [9, 12.5].map((at) =>
  occurred('kube_apiserver_throttled', at, { precisionNs: 1e6 }),
);

const recordOf = (
  occurrences: readonly Occurrence[],
  of: BootRecord['facts'] = facts,
): BootRecord => ({
  facts: of,
  measurement: measure({ definitions, occurrences, reports }),
  activities: [],
});

const classic = (record: BootRecord, format = prometheusText) =>
  [...classicText(record, 'none', format)].join('').split('\n');

const series = (record: BootRecord) =>
  bootFamilies(record)
    .flatMap((family) => [...familyText(family, prometheusText)])
    .join('')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describe("node-latency-for-k8s' gauges", () => {
  const labels =
    'experiment="none",instanceType="c6a.large",amiID="ami-0bf8f0f9cd3cce116",region="us-east-2",availabilityZone="us-east-2b"';

  it('have its names, beside corrected ones, in seconds with all decimals', () => {
    const lines = classic(recordOf(goodBoot));

    assert.deepEqual(lines.slice(3, 9), [
      '# HELP conatinerd_start Containerd Start, in seconds since time zero.',
      '# TYPE conatinerd_start gauge',
      `conatinerd_start{${labels}} 3`,
      '# HELP containerd_start Containerd Start, in seconds since time zero.',
      '# TYPE containerd_start gauge',
      `containerd_start{${labels}} 3`,
    ]);
    assert.ok(lines.includes(`vpc_cni_plugin_initialized{${labels}} 15.101402`));
    assert.ok(!lines.some((line) => line.startsWith('instance_pending')));
  });

  it('tell of an event that happened several times the last', () => {
    const lines = classic(recordOf([...goodBoot, ...throttled]));

    assert.equal(
      lines.filter((line) => line.startsWith('kube_apiserver_throttled')).join(),
      `kube_apiserver_throttled{${labels}} 12.5`,
    );
  });

  it('leave out what is not known of the machine', () => {
    assert.ok(classic(recordOf(goodBoot, {})).includes('node_ready{experiment="none"} 18'));
  });

  it('are sound in OpenMetrics, too', () => {
    const lines = classic(recordOf(goodBoot), openMetricsText);

    assert.ok(lines.includes('# TYPE node_ready gauge'));
  });
});

describe('the metrics of a boot', () => {
  it('tell each event once, the first time, and how often it happened', () => {
    const lines = series(recordOf([...goodBoot, ...throttled]));

    for (const line of [
      'kube_latency_node_boot_event_seconds{event="vm_initialized"} 0',
      'kube_latency_node_boot_event_seconds{event="conatinerd_start"} 3',
      'kube_latency_node_boot_event_seconds{event="containerd_start"} 3',
      'kube_latency_node_boot_event_seconds{event="kube_apiserver_throttled"} 9',
      'kube_latency_node_boot_occurrences{event="kube_apiserver_throttled"} 2',
      'kube_latency_node_boot_duration_seconds 25',
      'kube_latency_node_boot_awaited 0',
      'kube_latency_node_boot_critical_path_seconds{part="ready"} 10',
    ])
      assert.ok(lines.includes(line), `${line} in ${lines.join('\n')}`);
    assert.equal(new Set(lines).size, lines.length);
  });

  it('tell from the beginning that the end has not come', () => {
    assert.deepEqual(series(recordOf([])), ['kube_latency_node_boot_awaited 2']);
  });

  it('can be told apart from those of other nodes', () => {
    const [family] = withLabels(bootFamilies(recordOf(goodBoot)), { 'k8s.node.name': 'worker-1' });

    assert.ok(family);
    assert.match(
      [...familyText(family, prometheusText)][1] ?? '',
      /^kube_latency_node_boot_event_seconds\{k8s_node_name="worker-1",event="vm_initialized"\} 0/,
    );
  });
});
