import { timeUnit } from '../trace/axis.ts';

/** One unit for all values of a matrix. */
export interface ValueUnit {
  readonly name: string;
  readonly ns: number;
}

/** The unit in which the longest of some times takes no more than four digits before its point. */
export function unitFor(longestS: number, micro: string): ValueUnit {
  return timeUnit(longestS * 1e8, micro);
}

/** A time as a bare number of the unit, of three digits where it needs no more. */
export function inUnit(seconds: number, { ns }: ValueUnit): string {
  const value = (seconds * 1e9) / ns;
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
