import type { Activity } from '../core/activity.ts';
import type { NodeFacts } from '../core/node-facts.ts';
import type { Measurement } from './measurement.ts';

/** All that is told of one boot. */
export interface BootRecord {
  readonly facts: NodeFacts;
  readonly measurement: Measurement;
  readonly activities: readonly Activity[];
}
