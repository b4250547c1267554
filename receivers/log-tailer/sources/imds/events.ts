import type { EventDefinition } from '../../core/event.ts';

/** Name of the metadata service of EC2 as a source. */
export const imdsSource = 'EC2 IMDS';

/** What the metadata service tells of a boot. */
export const imdsEvents: readonly EventDefinition[] = [
  {
    name: 'Instance Pending',
    metric: 'instance_pending',
    selector: 'first',
    terminal: false,
    sources: [imdsSource],
    place: 'before',
    comment: 'EC2 began to launch the machine.',
  },
];
