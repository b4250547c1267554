import type { EventDefinition } from '../../../../../receivers/log-tailer/core/event.ts';
import type { Occurrence } from '../../../../../receivers/log-tailer/core/occurrence.ts';

export const secondNs = 1_000_000_000n;

/** 28 November 2022, 02:59:07 UTC: when the sample boot's kernel starts. */
export const bootNs = 1_669_604_347n * secondNs;

const messages = ['Messages'];

/** Some of the events of a node that is told by its syslog, in the order in which a boot goes. */
export const definitions: readonly EventDefinition[] = [
  define('Instance Pending', 'instance_pending', { sources: ['EC2 IMDS'], place: 'before' }),
  define('VM Initialized', 'vm_initialized', { sources: messages, place: 'begins' }),
  define('Containerd Start', 'conatinerd_start', {
    sources: messages,
    aliases: ['containerd_start'],
  }),
  define('Kubelet Start', 'kubelet_start', { sources: messages }),
  define('Kubelet Initialized', 'kubelet_initialized', { sources: messages }),
  define('Kubelet Registered', 'kubelet_registered', { sources: [...messages, 'K8s'] }),
  define('VPC CNI Plugin Initialized', 'vpc_cni_plugin_initialized', { sources: ['aws-node'] }),
  define('Kube-APIServer Throttled', 'kube_apiserver_throttled', {
    sources: messages,
    selector: 'all',
  }),
  define('Node Ready', 'node_ready', { sources: [...messages, 'K8s'], terminal: true }),
  define('Pod Ready', 'pod_ready', { sources: ['K8s', ...messages], terminal: true }),
];

function define(
  name: string,
  metric: string,
  rest: Partial<EventDefinition> & Pick<EventDefinition, 'sources'>,
): EventDefinition {
  return { name, metric, selector: 'first', terminal: false, ...rest };
}

/** An occurrence so many seconds after the kernel's start, exact to a second and told by the syslog unless said otherwise. */
export function occurred(
  event: string,
  seconds: number,
  rest: Partial<Occurrence> = {},
): Occurrence {
  const atUnixNs = bootNs + BigInt(Math.round(seconds * 1e6)) * 1000n;
  return { event, source: 'Messages', atUnixNs, precisionNs: 1e9, ...rest };
}

/** The boot of a node that became ready. */
export const goodBoot: readonly Occurrence[] = [
  occurred('vm_initialized', 0),
  occurred('conatinerd_start', 3),
  occurred('conatinerd_start', 5),
  occurred('kubelet_initialized', 7),
  occurred('kubelet_start', 7),
  occurred('kubelet_registered', 8),
  occurred('vpc_cni_plugin_initialized', 15.101402, { source: 'aws-node', precisionNs: 1 }),
  occurred('node_ready', 18),
  occurred('pod_ready', 25),
];

export const reports = [{ source: 'Messages' }, { source: 'aws-node' }];
