import type { Occurrence } from '../core/occurrence.ts';
import type { UnitLine } from './unit-line.ts';

/** When a unit of systemd's began, was done, or failed. */
export interface UnitMoment extends UnitLine, Omit<Occurrence, 'event' | 'comment'> {}
