import type { BootRecord } from '../../receivers/log-tailer/boot/boot-record.ts';
import { mergeDefinitions } from '../../receivers/log-tailer/boot/definitions.ts';
import { bootRecords } from '../../receivers/log-tailer/boot/records.ts';
import type { Activity } from '../../receivers/log-tailer/core/activity.ts';
import type { EventDefinition } from '../../receivers/log-tailer/core/event.ts';
import type { Evidence } from '../../receivers/log-tailer/core/evidence.ts';
import type { Occurrence } from '../../receivers/log-tailer/core/occurrence.ts';
import { kubernetesEvents } from '../../receivers/log-tailer/sources/kubernetes/events.ts';

/** 28 November 2022, 02:59:07 UTC: when the sample's kernel starts. */
const bootNs = 1_669_604_347_000_000_000n;
const at = (seconds: number): bigint => bootNs + BigInt(Math.round(seconds * 1e6)) * 1000n;

const definitions: readonly EventDefinition[] = mergeDefinitions(
  [
    define('Instance Pending', 'instance_pending', 'EC2 IMDS', { place: 'before' }),
    define('VM Initialized', 'vm_initialized', 'Messages', { place: 'begins' }),
    define('Network Start', 'network_start', 'Messages'),
    define('Network Ready', 'network_ready', 'Messages'),
    define('Containerd Start', 'conatinerd_start', 'Messages'),
    define('Containerd Initialized', 'conatinerd_initialized', 'Messages'),
    define('Kubelet Start', 'kubelet_start', 'Messages'),
    define('Kubelet Initialized', 'kubelet_initialized', 'Messages'),
    define('Kubelet Registered', 'kubelet_registered', 'Messages'),
    define('VPC CNI Plugin Initialized', 'vpc_cni_plugin_initialized', 'aws-node'),
    define('Kube-APIServer Throttled', 'kube_apiserver_throttled', 'Messages', { selector: 'all' }),
    define('Node Ready', 'node_ready', 'Messages', { terminal: true }),
  ],
  kubernetesEvents,
);

function define(
  name: string,
  metric: string,
  source: string,
  rest: Partial<EventDefinition> = {},
): EventDefinition {
  return { name, metric, selector: 'first', terminal: false, sources: [source], ...rest };
}

function occurred(
  event: string,
  seconds: number,
  { source = 'Messages', precisionNs = 1e9, comment }: Partial<Occurrence> = {},
): Occurrence {
  const said = comment === undefined ? {} : { comment };
  return { event, source, atUnixNs: at(seconds), precisionNs, ...said };
}

function activity(kind: Activity['kind'], name: string, from: number, to: number): Activity {
  const times = { fromUnixNs: at(from), toUnixNs: at(to), precisionNs: 1000 };
  return { kind, name, source: 'Journal', ...times };
}

const evidence: Evidence = {
  occurrences: [
    occurred('vm_initialized', 0),
    occurred('network_start', 3),
    occurred('network_ready', 3),
    occurred('conatinerd_start', 3),
    occurred('conatinerd_initialized', 5),
    occurred('kubelet_start', 7),
    occurred('kubelet_initialized', 7),
    occurred('kubelet_registered', 8),
    occurred('kube_apiserver_throttled', 9, {
      comment: 'Waited for 1.19s due to client-side throttling, not priority and fairness',
    }),
    occurred('vpc_cni_plugin_initialized', 15.101402, { source: 'aws-node', precisionNs: 1 }),
    occurred('node_ready', 18),
    occurred('pod_created', 2, { source: 'K8s', comment: 'default/web' }),
    occurred('pod_scheduled', 18, { source: 'K8s', comment: 'default/web' }),
    occurred('pod_ready', 25, { source: 'K8s', comment: 'default/web' }),
    occurred('node_schedulable', 27.25, { source: 'K8s', precisionNs: 1e8 }),
  ],
  activities: [
    activity('kernel', 'kernel', 0, 1.5),
    activity('userspace', 'userspace', 1.5, 7),
    activity('unit', 'chronyd.service', 1.6, 1.7),
    activity('unit', 'cloud-config.service', 2, 6.9),
    { ...activity('unit', 'broken.service', 3, 3.1), failure: 'exit-code' },
  ],
  reports: [
    { source: 'Messages' },
    { source: 'aws-node' },
    { source: 'K8s', events: { network_plugin_ready: 'the node did not say that it waits' } },
    { source: 'EC2 IMDS', problem: 'no answer from http://169.254.169.254 within 1 s' },
  ],
  facts: {
    name: 'worker-1',
    uid: '0f0e3a52-8a0c-4d5c-9b1c-6d1f5d7b2a11',
    bootId: 'e6f4d4b63c7c4d388f7d2f6d4b1f6a55',
    instanceId: 'i-0681ec41ddb32ba4e',
    instanceType: 'c6a.large',
    architecture: 'x86_64',
    availabilityZone: 'us-east-2b',
  },
};

/** The record of a boot that came to its end; of one that did not, where events are left out. */
export function bootRecord(
  without: readonly string[] = [],
  more: Partial<Evidence> = {},
): BootRecord {
  const occurrences = evidence.occurrences.filter(({ event }) => !without.includes(event));
  const [record] = bootRecords({ definitions, evidence: { ...evidence, occurrences, ...more } });
  if (record === undefined) throw new Error('expected a boot');
  return record;
}
