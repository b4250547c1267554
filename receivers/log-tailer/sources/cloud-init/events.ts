import type { EventDefinition } from '../../core/event.ts';

/** Name of cloud-init's status as a source; what it logs is another. */
export const cloudInitSource = 'cloud-init status';

/** What cloud-init's status tells of a boot. */
export const cloudInitEvents: readonly EventDefinition[] = [
  event('Cloud-Init Initial Start', 'cloudinit_initial_start', 'Its network stage began.'),
  event('Cloud-Init Config Start', 'cloudinit_config_start', 'Its config stage began.'),
  event('Cloud-Init Final Start', 'cloudinit_final_start', 'Its final stage began.'),
  event('Cloud-Init Final Finish', 'cloudinit_final_finish', 'Its final stage was over.'),
];

function event(name: string, metric: string, comment: string): EventDefinition {
  return { name, metric, selector: 'first', terminal: false, sources: [cloudInitSource], comment };
}
