import type { EventDefinition } from '../../core/event.ts';

/** Name of the API of Kubernetes as a source. */
export const kubernetesSource = 'K8s';

/** What the API tells of a boot. */
export const kubernetesEvents: readonly EventDefinition[] = [
  event('Pod Created', 'pod_created', {
    place: 'before',
    comment: 'The measured pod was created.',
  }),
  event('Pod Scheduled', 'pod_scheduled', {
    comment: 'The scheduler bound the measured pod to the node.',
  }),
  event('Kubelet Registered', 'kubelet_registered', {
    comment: "The node's object was created.",
  }),
  event('Network Plugin Ready', 'network_plugin_ready', {
    comment: 'The Ready condition of the node stopped to name its network plugin as a reason.',
  }),
  event('Node Ready', 'node_ready', {
    terminal: true,
    comment: 'The Ready condition of the node became true.',
  }),
  event('Node Schedulable', 'node_schedulable', {
    comment: 'The last taint that keeps pods away was removed from the node.',
  }),
  event('Pod Ready', 'pod_ready', {
    terminal: true,
    comment: 'The Ready condition of the measured pod became true.',
  }),
];

function event(name: string, metric: string, rest: Partial<EventDefinition>): EventDefinition {
  return { name, metric, selector: 'first', terminal: false, sources: [kubernetesSource], ...rest };
}
