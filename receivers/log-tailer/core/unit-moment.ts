import type { Occurrence } from './occurrence.ts';

/** What systemd says of a unit. */
export interface UnitChange {
  /** `containerd.service`; what systemd before 250 says instead, its description. */
  readonly unit: string;
  readonly phase: 'begins' | 'done' | 'failed';
}

/** When a unit of systemd's began, was done, or failed. */
export interface UnitMoment extends UnitChange, Omit<Occurrence, 'event' | 'comment'> {}
