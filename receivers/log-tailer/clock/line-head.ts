import { digitRun, digitsAt, decimalsAt } from './digits.ts';
import { instant, isoStampAt } from './iso-stamp.ts';
import { dmesgStampAt, kmsgStampAt } from './kernel-stamp.ts';
import { klogStampAt, logfmtStampAt } from './program-stamp.ts';
import type { ReadStamp } from './stamp.ts';
import { monthAt, syslogStampAt } from './syslog-stamp.ts';

const space = 0x20;
const open = 0x5b;
const less = 0x3c;
const greater = 0x3e;
const comma = 0x2c;
const dash = 0x2d;
const point = 0x2e;
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/**
 * Reads the stamp at the begin of a line, in any of the forms that logs of nodes have; undefined where there is none. `end` is where
 * the text begins.
 */
export function lineHead(line: Uint8Array): ReadStamp | undefined {
  const at = afterPriority(line);
  const read = readAt(line, at);
  if (read === undefined) return undefined;
  return { stamp: read.stamp, end: line[read.end] === space ? read.end + 1 : read.end };
}

function readAt(line: Uint8Array, at: number): ReadStamp | undefined {
  const first = line[at] ?? 0;
  if (first === open) return dmesgStampAt(line, at) ?? bracketed(line, at);
  if (first >= 0x30 && first <= 0x39) return numeric(line, at);
  if (monthAt(line, at) > 0) return syslogStampAt(line, at);
  const [b = 0, c = 0] = [line[at + 1], line[at + 2]];
  if (days.includes(String.fromCharCode(first, b, c)) && line[at + 3] === space)
    return dated(line, at + 4);
  return klogStampAt(line, at) ?? logfmtStampAt(line, at);
}

function numeric(line: Uint8Array, at: number): ReadStamp | undefined {
  const count = digitRun(line, at, 15);
  const mark = line[at + count];
  if (mark === dash) return isoStampAt(line, at);
  if (mark === comma) return kmsgStampAt(line, at);
  // `1732762747.123456`, as `journalctl -o short-unix` prints it.
  if (mark !== point || count < 9 || count > 10) return undefined;
  const { ns, precisionNs, end } = decimalsAt(line, at + count);
  return { stamp: instant(digitsAt(line, at, count) * 1000, ns, precisionNs), end };
}

/** `[Thu Nov 28 02:59:07 2024]`, as `dmesg -T` prints it. */
function bracketed(line: Uint8Array, at: number): ReadStamp | undefined {
  const read = syslogStampAt(line, at + 5);
  return read === undefined || read.stamp.year === undefined
    ? undefined
    : { stamp: read.stamp, end: read.end + 1 };
}

/** `2024-11-28 02:59:07 UTC` after a weekday, as `journalctl -o short-full` prints it; of other zones' names nothing is known. */
function dated(line: Uint8Array, at: number): ReadStamp | undefined {
  const read = isoStampAt(line, at);
  if (read === undefined) return monthAt(line, at) > 0 ? syslogStampAt(line, at) : undefined;
  const { stamp } = read;
  let end = read.end + 1;
  while (end < line.length && line[end] !== space) end++;
  const zone = Buffer.from(line.subarray(read.end + 1, end)).toString('latin1');
  if (stamp.kind !== 'local' || stamp.year === undefined || zone !== 'UTC') return { stamp, end };
  const midnightMs = Date.UTC(stamp.year, stamp.month - 1, stamp.day);
  return { stamp: instant(midnightMs, stamp.nsOfDay, stamp.precisionNs), end };
}

/** `<6>`, as the kernel and senders of syslog write how grave a line is, and the version `1 ` that RFC 5424 has after it. */
function afterPriority(line: Uint8Array): number {
  if (line[0] !== less) return 0;
  const count = digitRun(line, 1, 3);
  if (count === 0 || line[count + 1] !== greater) return 0;
  const end = count + 2;
  return line[end] === 0x31 && line[end + 1] === space ? end + 2 : end;
}
