import assert from 'node:assert/strict';

import type { BootRecord } from '../../../../../receivers/log-tailer/boot/boot-record.ts';
import { classicJson, recordJson } from '../../../../../receivers/log-tailer/boot/chart/json.ts';
import { markdownChart } from '../../../../../receivers/log-tailer/boot/chart/markdown.ts';
import { measure } from '../../../../../receivers/log-tailer/boot/measure.ts';
import type { Occurrence } from '../../../../../receivers/log-tailer/core/occurrence.ts';
import { definitions, goodBoot, occurred, reports } from './samples.ts';

const facts = {
  name: 'ip-192-168-23-248.us-east-2.compute.internal',
  instanceId: 'i-0681ec41ddb32ba4e',
  privateIp: '192.168.23.248',
  instanceType: 'c6a.large',
  architecture: 'x86_64',
  availabilityZone: 'us-east-2b',
  region: 'us-east-2',
  accountId: '123456789012',
  imageId: 'ami-0bf8f0f9cd3cce116',
};

const throttled = occurred('kube_apiserver_throttled', 12, {
  comment: `Waited for 1.19s due to client-side throttling, request: GET:https://x|y\n\x1b[31m${'z'.repeat(60)}`,
});
const late = occurred('vpc_cni_plugin_initialized', 31.25, {
  source: 'aws-node',
  precisionNs: 1e6,
});

const recordOf = (
  occurrences: readonly Occurrence[],
  of: BootRecord['facts'] = facts,
): BootRecord => ({
  facts: of,
  measurement: measure({ definitions, occurrences, reports }),
  activities: [],
});

const chart = (occurrences: readonly Occurrence[], classic = false, comments = true): string[] =>
  markdownChart(recordOf(occurrences), { classic, comments }).split('\n');

describe('the chart in Markdown', () => {
  it('has the machine, and each event with its time and its distance from time zero', () => {
    assert.deepEqual(chart(goodBoot), [
      '### i-0681ec41ddb32ba4e (192.168.23.248) | c6a.large | x86_64 | us-east-2b | ami-0bf8f0f9cd3cce116',
      '|           EVENT            |           TIMESTAMP            |  T  | COMMENT |',
      '|----------------------------|--------------------------------|-----|---------|',
      '| VM Initialized             | 2022-11-28T02:59:07Z           | 0s  |         |',
      '| Containerd Start           | 2022-11-28T02:59:10Z           | 3s  |         |',
      '| Kubelet Start              | 2022-11-28T02:59:14Z           | 7s  |         |',
      '| Kubelet Initialized        | 2022-11-28T02:59:14Z           | 7s  |         |',
      '| Kubelet Registered         | 2022-11-28T02:59:15Z           | 8s  |         |',
      '| VPC CNI Plugin Initialized | 2022-11-28T02:59:22.101402000Z | 15s |         |',
      '| Node Ready                 | 2022-11-28T02:59:25Z           | 18s |         |',
      '| Pod Ready                  | 2022-11-28T02:59:32Z           | 25s |         |',
    ]);
  });

  it('is as exact as the times are', () => {
    const exact = goodBoot.map((each) => ({ ...each, precisionNs: 1000 }));

    assert.match(chart(exact)[8] ?? '', /^\| VPC.*02:59:22\.101402Z \| 15\.101402s \|/);
  });

  it('keeps one row a line, whatever a comment holds and however long it is', () => {
    const lines = chart([...goodBoot, throttled]);

    const row = lines.find((line) => line.includes('Throttled')) ?? '';
    assert.match(row, /GET:https:\/\/x\\\|y \?\[31mz{60} \|$/);
    assert.equal(lines.length, 3 + goodBoot.length - 1 + 1);
    assert.equal(new Set(lines.slice(1).map(({ length }) => length)).size, 1);
  });

  it('leaves comments out where they are not wanted', () => {
    const lines = chart([...goodBoot, throttled], false, false);

    assert.match(lines[1] ?? '', /^\| +EVENT +\| +TIMESTAMP +\| +T +\|$/);
    assert.ok(!lines.join('').includes('Waited'));
  });

  it('shows what came after the last terminal event, but in the classic form', () => {
    const boot = [...goodBoot.filter(({ event }) => event !== late.event), late];

    assert.match(chart(boot).at(-1) ?? '', /VPC CNI Plugin Initialized .*02:59:38\.250Z \| 31s/);
    assert.match(chart(boot, true).at(-1) ?? '', /^\| Pod Ready /);
  });

  it('has whole seconds in the classic form', () => {
    const lines = chart(
      goodBoot.map((each) => ({ ...each, precisionNs: 1 })),
      true,
    );

    assert.match(lines[8] ?? '', /\| 2022-11-28T02:59:22Z \| 15s \|/);
  });

  it('has no heading where nothing is known of the machine, and its name where that is all', () => {
    const of = (known: BootRecord['facts']) =>
      markdownChart(recordOf(goodBoot, known), { classic: false, comments: true }).split('\n')[0];

    assert.match(of({}) ?? '', /^\| +EVENT/);
    assert.equal(of({ name: 'worker-1', architecture: 'arm64' }), '### worker-1 | arm64');
  });

  it('is a head without rows where nothing happened', () => {
    assert.deepEqual(chart([]).slice(1), [
      '| EVENT | TIMESTAMP | T | COMMENT |',
      '|-------|-----------|---|---------|',
    ]);
  });
});

describe('the chart in JSON', () => {
  const boot = [...goodBoot.filter(({ event }) => event !== late.event), throttled, late];

  it('has honest seconds, and errors as text', () => {
    const report = JSON.parse(JSON.stringify(recordJson(recordOf(boot)))) as {
      timings: { event: { metric: string } }[];
    };

    const of = (metric: string) => report.timings.find(({ event }) => event.metric === metric);
    assert.deepEqual(of('vpc_cni_plugin_initialized'), {
      event: {
        name: 'VPC CNI Plugin Initialized',
        metric: 'vpc_cni_plugin_initialized',
        matchSelector: 'first',
        terminal: false,
        src: 'aws-node',
      },
      timestamp: '2022-11-28T02:59:38.250000000Z',
      precisionSeconds: 0.001,
      seconds: 31.25,
      comment: '',
      afterEnd: true,
      error: null,
    });
    assert.deepEqual(of('instance_pending'), {
      event: {
        name: 'Instance Pending',
        metric: 'instance_pending',
        matchSelector: 'first',
        terminal: false,
        src: 'EC2 IMDS',
      },
      timestamp: null,
      seconds: null,
      comment: '',
      awaited: false,
      error: 'no source that tells of it takes part: EC2 IMDS',
    });
  });

  it('has nanoseconds for seconds in the classic form, and ends with the last terminal event', () => {
    const report = JSON.parse(classicJson(recordOf(boot))) as {
      metadata: object;
      timings: { seconds: number; event: { metric: string } }[];
    };

    assert.deepEqual(report.metadata, {
      region: 'us-east-2',
      instanceType: 'c6a.large',
      instanceID: 'i-0681ec41ddb32ba4e',
      accountID: '123456789012',
      architecture: 'x86_64',
      availabilityZone: 'us-east-2b',
      privateIP: '192.168.23.248',
      amiID: 'ami-0bf8f0f9cd3cce116',
    });
    assert.deepEqual(report.timings.at(-1), {
      event: {
        name: 'Pod Ready',
        metric: 'pod_ready',
        matchSelector: 'first',
        terminal: true,
        src: 'Messages',
      },
      timestamp: '2022-11-28T02:59:32Z',
      seconds: 25_000_000_000,
      comment: '',
      error: null,
    });
  });

  it('has null for a machine of which nothing is known', () => {
    assert.match(classicJson(recordOf(goodBoot, {})), /^\{\n {4}"metadata": null,/);
  });
});
