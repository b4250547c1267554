import { dayTimeAt, isDate, isDay } from './day-time.ts';
import { digitRun, digitsAt } from './digits.ts';
import type { LocalStamp, ReadStamp } from './stamp.ts';

const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const months = new Map(names.map((name, index) => [codeOf(Buffer.from(name), 0), index + 1]));
const space = 0x20;

/** The month, from 1, by three letters; 0 where they are none. */
export function monthAt(bytes: Uint8Array, at: number): number {
  return months.get(codeOf(bytes, at)) ?? 0;
}

/** Three bytes as one number. */
function codeOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

/** Reads `Nov 28 02:59:07` and `Nov  8 02:59:07.123456`: no year, no zone. A year after the time, as of `dmesg -T`, is read too. */
export function syslogStampAt(bytes: Uint8Array, at: number): ReadStamp<LocalStamp> | undefined {
  const month = monthAt(bytes, at);
  if (month === 0 || bytes[at + 3] !== space) return undefined;
  const dayAt = bytes[at + 4] === space ? at + 5 : at + 4;
  const count = digitRun(bytes, dayAt, 2);
  const day = digitsAt(bytes, dayAt, count);
  if (count === 0 || bytes[dayAt + count] !== space || !isDay(month, day)) return undefined;
  const time = dayTimeAt(bytes, dayAt + count + 1);
  if (time === undefined) return undefined;
  const { nsOfDay, precisionNs } = time;
  const year = yearAfter(bytes, time.end);
  if (year !== undefined && !isDate(year, month, day)) return undefined;
  const stamp: LocalStamp = { kind: 'local', year, month, day, nsOfDay, precisionNs };
  return { stamp, end: year === undefined ? time.end : time.end + 5 };
}

/** ` 2024]`: in brackets alone, for the name of a host may be a number. */
function yearAfter(bytes: Uint8Array, at: number): number | undefined {
  const year = bytes[at] === space && bytes[at + 5] === 0x5d ? digitsAt(bytes, at + 1, 4) : -1;
  return year < 0 ? undefined : year;
}
