import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineHead } from '../../../../../receivers/log-tailer/clock/line-head.ts';

const second = 1_000_000_000;
const at = (iso: string, ns = 0) => BigInt(Date.parse(iso)) * 1_000_000n + BigInt(ns);
const instant = (unixNs: bigint, precisionNs: number) => ({ kind: 'instant', unixNs, precisionNs });
const local = (
  year: number | undefined,
  month: number,
  day: number,
  nsOfDay: number,
  precisionNs = second,
) => ({
  kind: 'local',
  year,
  month,
  day,
  nsOfDay,
  precisionNs,
});
const sinceBoot = (monotonicUs: number, precisionNs: number) => ({
  kind: 'since-boot',
  monotonicUs,
  precisionNs,
});
const clock = (hours: number, minutes: number, seconds: number, ns = 0) =>
  ((hours * 60 + minutes) * 60 + seconds) * second + ns;

const forms: readonly (readonly [string, string, object])[] = [
  ['syslog', 'Nov 28 02:59:07 host kernel: x', local(undefined, 11, 28, clock(2, 59, 7))],
  [
    'syslog of a day with one digit',
    'Nov  8 02:59:07 host x',
    local(undefined, 11, 8, clock(2, 59, 7)),
  ],
  [
    'journalctl short-precise',
    'Nov 28 02:59:07.123456 host x',
    local(undefined, 11, 28, clock(2, 59, 7, 123456000), 1000),
  ],
  ['a leap day', 'Feb 29 00:00:00 host x', local(undefined, 2, 29, 0)],
  [
    'rsyslog in RFC 3339',
    '2024-11-28T02:59:07.123456+01:00 host x',
    instant(at('2024-11-28T01:59:07Z', 123456000), 1000),
  ],
  ['short-iso', '2024-11-28T02:59:07+0000 host x', instant(at('2024-11-28T02:59:07Z'), second)],
  [
    'short-iso west of Greenwich',
    '2024-11-28T02:59:07-0530 host x',
    instant(at('2024-11-28T08:29:07Z'), second),
  ],
  [
    'nine decimals',
    '2024-11-28T02:59:07.123456789Z x',
    instant(at('2024-11-28T02:59:07Z', 123456789), 1),
  ],
  [
    'more decimals than nine',
    '2024-11-28T02:59:07.1234567891Z x',
    instant(at('2024-11-28T02:59:07Z', 123456789), 1),
  ],
  [
    'one decimal',
    '2024-11-28T02:59:07.5Z x',
    instant(at('2024-11-28T02:59:07Z', 500000000), 100000000),
  ],
  [
    'cloud-init.log',
    '2024-11-28 02:59:10,123 - util.py[DEBUG]: x',
    local(2024, 11, 28, clock(2, 59, 10, 123000000), 1000000),
  ],
  [
    'RFC 5424',
    '<34>1 2024-11-28T02:59:07.003Z host app - x',
    instant(at('2024-11-28T02:59:07Z', 3000000), 1000000),
  ],
  ['a priority', '<6>Nov 28 02:59:07 host x', local(undefined, 11, 28, clock(2, 59, 7))],
  ['dmesg', '[   12.345678] usb 1-1: x', sinceBoot(12345678, 1000)],
  ['dmesg from the start', '[    0.000000] Linux version', sinceBoot(0, 1000)],
  ['a console', '<4>[12.345678] x', sinceBoot(12345678, 1000)],
  ['dmesg -T', '[Thu Nov 28 02:59:07 2024] x', local(2024, 11, 28, clock(2, 59, 7))],
  ['/dev/kmsg', '6,1234,5678901,-;usb 1-1: x', sinceBoot(5678901, 1000)],
  ['/dev/kmsg with more flags', '6,1234,5678901,-,caller=T1;x', sinceBoot(5678901, 1000)],
  [
    'journalctl short-unix',
    '1732762747.123456 host x',
    instant(at('2024-11-28T02:59:07Z', 123456000), 1000),
  ],
  [
    'journalctl short-full in UTC',
    'Thu 2024-11-28 02:59:07 UTC host x',
    instant(at('2024-11-28T02:59:07Z'), second),
  ],
  [
    'journalctl short-full elsewhere',
    'Thu 2024-11-28 02:59:07 CET host x',
    local(2024, 11, 28, clock(2, 59, 7)),
  ],
  [
    'a log of klog',
    'I1128 02:59:07.123456    5712 server.go:1] x',
    local(undefined, 11, 28, clock(2, 59, 7, 123456000), 1000),
  ],
  [
    'a log of containerd',
    'time="2024-11-28T02:59:07.123456789Z" level=info msg=x',
    instant(at('2024-11-28T02:59:07Z', 123456789), 1),
  ],
  [
    'a log of slog',
    'time=2024-11-28T02:59:07.123Z level=INFO msg=x',
    instant(at('2024-11-28T02:59:07Z', 123000000), 1000000),
  ],
];

const none: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a word', 'kernel: Linux version'],
  ['month 13', '2024-13-28T02:59:07Z x'],
  ['the 30th of February', 'Feb 30 02:59:07 host x'],
  ['a leap day in a year without', '2023-02-29T02:59:07Z x'],
  ['hour 24', 'Nov 28 24:59:07 host x'],
  ['year 1', '0001-01-01T00:00:00Z x'],
  ['a year beyond what 64 bits of nanoseconds tell', '2262-11-28T02:59:07Z x'],
  ['an offset of a day', '2024-11-28T02:59:07+2400 x'],
  ['dmesg without decimals', '[12] x'],
  ['a number', '12345 x'],
  ['half of a record of /dev/kmsg', '6,1234,567'],
  ['what is cut short', 'Nov 28 02:5'],
  ['bytes', '\u0000\u00ff\u0007'],
];

describe('lineHead()', () => {
  for (const [form, line, stamp] of forms)
    it(`reads ${form}`, () => {
      assert.deepEqual(lineHead(Buffer.from(line))?.stamp, stamp);
    });

  for (const [what, line] of none)
    it(`takes ${what} for no stamp`, () => {
      assert.equal(lineHead(Buffer.from(line, 'latin1')), undefined);
    });

  it('says where the text begins', () => {
    for (const line of [
      'Nov 28 02:59:07 text',
      '[   12.345678] text',
      '6,1,2,-;text',
      '2024-11-28T02:59:07Z text',
    ]) {
      const bytes = Buffer.from(line);
      assert.equal(bytes.toString('utf8', lineHead(bytes)?.end), 'text');
    }
  });

  it('reads every moment to the nanosecond', () => {
    const moment = fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n });
    fc.assert(
      fc.property(moment, fc.integer({ min: -18 * 60 + 1, max: 18 * 60 - 1 }), (unixNs, offset) => {
        const ns = unixNs % 1_000_000_000n;
        const wall = Number((unixNs - ns) / 1_000_000n) + offset * 60_000;
        if (wall < 0) return;
        const time = new Date(wall).toISOString().slice(0, 19);
        const sign = offset < 0 ? '-' : '+';
        const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
        const line = Buffer.from(`${time}.${String(ns).padStart(9, '0')}${zone} x`);

        assert.deepEqual(lineHead(line)?.stamp, instant(unixNs, 1));
      }),
    );
  });

  it('takes bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const read = lineHead(bytes);
        assert.ok(read === undefined || read.end <= bytes.length + 1);
      }),
      { numRuns: 2000 },
    );
  });
});
