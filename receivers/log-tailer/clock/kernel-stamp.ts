import { decimalsAt, digitRun, digitsAt } from './digits.ts';
import { microsecondNs, type ReadStamp, type SinceBootStamp } from './stamp.ts';

const open = 0x5b;
const close = 0x5d;
const space = 0x20;
const comma = 0x2c;
const semicolon = 0x3b;
const mostDigits = 12;

/** Reads `[   12.345678] `, the kernel's time since boot as dmesg prints it. */
export function dmesgStampAt(bytes: Uint8Array, at: number): ReadStamp<SinceBootStamp> | undefined {
  if (bytes[at] !== open) return undefined;
  let from = at + 1;
  while (bytes[from] === space) from++;
  const count = digitRun(bytes, from, mostDigits);
  if (count === 0) return undefined;
  const { ns, precisionNs, end } = decimalsAt(bytes, from + count);
  if (end === from + count || bytes[end] !== close) return undefined;
  const monotonicUs = digitsAt(bytes, from, count) * 1e6 + ns / microsecondNs;
  return { stamp: { kind: 'since-boot', monotonicUs, precisionNs }, end: end + 1 };
}

/** Reads `6,1234,5678901,-;`, the head of a record of /dev/kmsg: priority, number, microseconds since boot, flags. */
export function kmsgStampAt(bytes: Uint8Array, at: number): ReadStamp<SinceBootStamp> | undefined {
  const numberAt = afterNumber(bytes, at);
  const timeAt = numberAt === undefined ? undefined : afterNumber(bytes, numberAt);
  if (timeAt === undefined) return undefined;
  const count = digitRun(bytes, timeAt, mostDigits + 3);
  if (count === 0 || bytes[timeAt + count] !== comma) return undefined;
  const end = bytes.indexOf(semicolon, timeAt + count);
  if (end < 0) return undefined;
  const monotonicUs = digitsAt(bytes, timeAt, count);
  return {
    stamp: { kind: 'since-boot', monotonicUs, precisionNs: microsecondNs },
    end: end + 1,
  };
}

function afterNumber(bytes: Uint8Array, at: number): number | undefined {
  const count = digitRun(bytes, at, mostDigits + 3);
  return count > 0 && bytes[at + count] === comma ? at + count + 1 : undefined;
}
