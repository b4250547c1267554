import type { EventDefinition } from '../../core/event.ts';

/** Name of the API of EC2 as a source. */
export const ec2Source = 'EC2';

/** What the API of EC2 tells of a boot. */
export const ec2Events: readonly EventDefinition[] = [
  {
    name: 'Fleet Requested',
    metric: 'fleet_requested',
    selector: 'first',
    terminal: false,
    sources: [ec2Source],
    place: 'before',
    comment: 'The fleet was created that the machine was launched for.',
  },
];
