import { dayTimeAt, isDay } from './day-time.ts';
import { digitsAt } from './digits.ts';
import { isoStampAt } from './iso-stamp.ts';
import type { LocalStamp, ReadStamp } from './stamp.ts';

const space = 0x20;
const quote = 0x22;
const severities = 'IWEF';
const timeKey = Buffer.from('time=');

/** Reads `I1128 02:59:15.123456`, as Kubernetes' programs begin a line: no year, no zone. */
export function klogStampAt(bytes: Uint8Array, at: number): ReadStamp<LocalStamp> | undefined {
  if (!severities.includes(String.fromCharCode(bytes[at] ?? 0))) return undefined;
  const month = digitsAt(bytes, at + 1, 2);
  const day = digitsAt(bytes, at + 3, 2);
  if (bytes[at + 5] !== space || !isDay(month, day)) return undefined;
  const time = dayTimeAt(bytes, at + 6);
  if (time === undefined) return undefined;
  const { nsOfDay, precisionNs, end } = time;
  return {
    stamp: { kind: 'local', year: undefined, month, day, nsOfDay, precisionNs },
    end,
  };
}

/** Reads `time="2024-11-28T02:59:16.123456789Z"`, as containerd begins a line. */
export function logfmtStampAt(bytes: Uint8Array, at: number): ReadStamp | undefined {
  for (const [place, byte] of timeKey.entries()) if (bytes[at + place] !== byte) return undefined;
  const from = at + timeKey.length;
  const quoted = bytes[from] === quote;
  const read = isoStampAt(bytes, quoted ? from + 1 : from);
  return read && { stamp: read.stamp, end: quoted ? read.end + 1 : read.end };
}
