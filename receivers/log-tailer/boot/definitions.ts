import type { EventDefinition } from '../core/event.ts';

/** The events of a boot as one mostly follows the other; those of the same time are told in this order. */
const usualOrder = [
  'pod_created',
  'fleet_requested',
  'instance_pending',
  'vm_initialized',
  'network_start',
  'network_ready',
  'cloudinit_initial_start',
  'cloudinit_config_start',
  'cloudinit_final_start',
  'cloudinit_final_finish',
  'conatinerd_start',
  'conatinerd_initialized',
  'kubelet_start',
  'kubelet_initialized',
  'kubelet_registered',
  'pod_scheduled',
  'kube_proxy_start',
  'vpc_cni_init_start',
  'aws_node_start',
  'vpc_cni_plugin_initialized',
  'network_plugin_ready',
  'kube_apiserver_throttled',
  'node_ready',
  'node_schedulable',
  'pod_ready',
];

const places = new Map(usualOrder.map((metric, index) => [metric, index]));

/**
 * One list of what several tell of, in the order in which a boot mostly goes; events that have no usual place come last. What two lists
 * define is as the first has it, and its sources are those of both, the first list's more trusted.
 */
export function mergeDefinitions(
  ...lists: readonly (readonly EventDefinition[])[]
): readonly EventDefinition[] {
  const merged = new Map<string, EventDefinition>();
  for (const event of lists.flat()) {
    const known = merged.get(event.metric);
    const sources = [...new Set([...(known?.sources ?? []), ...event.sources])];
    merged.set(event.metric, { ...(known ?? event), sources });
  }
  const placeOf = ({ metric }: EventDefinition): number => places.get(metric) ?? usualOrder.length;
  return [...merged.values()].toSorted((a, b) => placeOf(a) - placeOf(b));
}
