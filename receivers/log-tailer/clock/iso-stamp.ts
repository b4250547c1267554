import { dayTimeAt, isDate } from './day-time.ts';
import { digitsAt, isDigit } from './digits.ts';
import type { ReadStamp, Stamp } from './stamp.ts';

const minuteMs = 60_000;
const dash = 0x2d;
const plus = 0x2b;
const colon = 0x3a;
const upperZ = 0x5a;
const upperT = 0x54;
const space = 0x20;

/**
 * Reads `2024-11-28T02:59:07.123456789Z`, also with an offset as `+0000` or `+00:00`, a blank for the `T`, a comma for the point.
 * Without an offset it is local.
 */
export function isoStampAt(bytes: Uint8Array, at: number): ReadStamp | undefined {
  const year = digitsAt(bytes, at, 4);
  const month = digitsAt(bytes, at + 5, 2);
  const day = digitsAt(bytes, at + 8, 2);
  const separator = bytes[at + 10];
  if (bytes[at + 4] !== dash || bytes[at + 7] !== dash || !isDate(year, month, day))
    return undefined;
  if (separator !== upperT && separator !== space) return undefined;
  const time = dayTimeAt(bytes, at + 11);
  if (time === undefined) return undefined;
  const { nsOfDay, precisionNs } = time;
  const zone = offsetAt(bytes, time.end);
  if (zone === 'none') return undefined;
  if (zone === 'local')
    return { stamp: { kind: 'local', year, month, day, nsOfDay, precisionNs }, end: time.end };
  const midnightMs = Date.UTC(year, month - 1, day) - zone.offsetMinutes * minuteMs;
  return { stamp: instant(midnightMs, nsOfDay, precisionNs), end: zone.end };
}

/** A moment so many nanoseconds after another. */
export function instant(fromUnixMs: number, ns: number, precisionNs: number): Stamp {
  return { kind: 'instant', unixNs: BigInt(fromUnixMs) * 1_000_000n + BigInt(ns), precisionNs };
}

interface Offset {
  readonly offsetMinutes: number;
  readonly end: number;
}

/** `none`: what stands there looks like one and is none. */
function offsetAt(bytes: Uint8Array, at: number): Offset | 'local' | 'none' {
  const sign = bytes[at];
  if (sign === upperZ) return { offsetMinutes: 0, end: at + 1 };
  if (sign !== plus && sign !== dash) return 'local';
  const minutesAt = bytes[at + 3] === colon ? at + 4 : at + 3;
  const hours = digitsAt(bytes, at + 1, 2);
  const minutes = digitsAt(bytes, minutesAt, 2);
  if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || isDigit(bytes[minutesAt + 2]))
    return 'none';
  const offset = hours * 60 + minutes;
  return { offsetMinutes: sign === dash ? -offset : offset, end: minutesAt + 2 };
}
