import { decimalsAt, digitsAt } from './digits.ts';
import { secondNs } from './stamp.ts';

export interface DayTime {
  readonly nsOfDay: number;
  readonly precisionNs: number;
  readonly end: number;
}

const colon = 0x3a;
const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Days of a leap year before each month. */
const daysBefore = lengths.map((_, month) =>
  lengths.slice(0, month).reduce((sum, days) => sum + days, 0),
);

/** Reads `02:59:07`, with decimals where there are; undefined where there is no time of a day. A leap second counts as the next. */
export function dayTimeAt(bytes: Uint8Array, at: number): DayTime | undefined {
  const hour = digitsAt(bytes, at, 2);
  const minute = digitsAt(bytes, at + 3, 2);
  const second = digitsAt(bytes, at + 6, 2);
  if (bytes[at + 2] !== colon || bytes[at + 5] !== colon) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return undefined;
  const { ns, precisionNs, end } = decimalsAt(bytes, at + 8);
  return { nsOfDay: (hour * 3600 + minute * 60 + second) * secondNs + ns, precisionNs, end };
}

/** Whether there is such a day in some year. */
export function isDay(month: number, day: number): boolean {
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}

/** Which day it is in a leap year, from 1. */
export function dayOfLeapYear(month: number, day: number): number {
  return (daysBefore[month - 1] ?? 0) + day;
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Whether there is such a day in that year, and whether its nanoseconds since the epoch are told in 64 bits. */
export function isDate(year: number, month: number, day: number): boolean {
  if (year < 1970 || year > 2261 || !isDay(month, day)) return false;
  return month !== 2 || day < 29 || isLeapYear(year);
}
