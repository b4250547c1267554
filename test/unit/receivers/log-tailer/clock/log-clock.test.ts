import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineHead } from '../../../../../receivers/log-tailer/clock/line-head.ts';
import {
  createLogClock,
  type LogClockOptions,
} from '../../../../../receivers/log-tailer/clock/log-clock.ts';
import { utc, zoneNamed } from '../../../../../receivers/log-tailer/clock/zone.ts';

const berlin = zoneNamed('Europe/Berlin') ?? utc;

/** Moments of lines with these stamps, once all are known. */
function read(stamps: readonly string[], written: string, options: Partial<LogClockOptions> = {}) {
  const clock = createLogClock({ zone: utc, bootedAtUnixNs: undefined, ...options });
  const noted = stamps.map((text) => {
    const head = lineHead(Buffer.from(`${text} host x`));
    assert.ok(head, text);
    return clock.note(head.stamp);
  });
  return noted.map((each) => {
    const moment = clock.momentOf(each, Date.parse(written));
    return moment && new Date(Number(moment.atUnixNs / 1_000_000n)).toISOString().slice(0, 19);
  });
}

describe('createLogClock()', () => {
  describe('with stamps that have no year', () => {
    it('takes the year in which the log was written', () => {
      assert.deepEqual(read(['Nov 28 02:59:07', 'Nov 28 03:00:00'], '2022-11-28T04:00:00Z'), [
        '2022-11-28T02:59:07',
        '2022-11-28T03:00:00',
      ]);
    });

    it('goes back over a new year within the log', () => {
      assert.deepEqual(read(['Dec 31 23:59:58', 'Jan  1 00:00:01'], '2024-01-01T00:00:02Z'), [
        '2023-12-31T23:59:58',
        '2024-01-01T00:00:01',
      ]);
    });

    it('goes back to the last year where the log was written soon after new year', () => {
      assert.deepEqual(read(['Dec 31 23:59:58'], '2024-01-01T09:00:00Z'), ['2023-12-31T23:59:58']);
    });

    it('goes back over several new years', () => {
      const stamps = ['Nov  1 00:00:00', 'Mar  1 00:00:00', 'Nov  2 00:00:00', 'Feb  1 00:00:00'];

      assert.deepEqual(read(stamps, '2024-02-01T01:00:00Z'), [
        '2022-11-01T00:00:00',
        '2023-03-01T00:00:00',
        '2023-11-02T00:00:00',
        '2024-02-01T00:00:00',
      ]);
    });

    it('takes a line that is late over new year for one of the old year', () => {
      const stamps = ['Dec 31 23:59:59', 'Jan  1 00:00:00', 'Dec 31 23:59:59', 'Jan  1 00:00:01'];

      assert.deepEqual(read(stamps, '2024-01-01T00:01:00Z'), [
        '2023-12-31T23:59:59',
        '2024-01-01T00:00:00',
        '2023-12-31T23:59:59',
        '2024-01-01T00:00:01',
      ]);
    });

    it('takes a clock that was set back for one', () => {
      assert.deepEqual(read(['Nov 28 03:00:00', 'Nov 28 02:00:00'], '2022-11-28T04:00:00Z'), [
        '2022-11-28T03:00:00',
        '2022-11-28T02:00:00',
      ]);
    });

    it('goes back to a leap year for a leap day', () => {
      assert.deepEqual(
        read(['Feb 28 23:59:59', 'Feb 29 00:00:00', 'Mar  1 00:00:00'], '2026-06-01T00:00:00Z'),
        ['2024-02-28T23:59:59', '2024-02-29T00:00:00', '2024-03-01T00:00:00'],
      );
    });

    it('gives a leap day behind a new year its own year', () => {
      assert.deepEqual(read(['Dec 31 00:00:00', 'Feb 29 00:00:00'], '2024-03-01T00:00:00Z'), [
        '2023-12-31T00:00:00',
        '2024-02-29T00:00:00',
      ]);
    });

    it('gives none where no year fits', () => {
      // Both were leap years: there are none of that sort.
      const stamps = ['Feb 29 00:00:00', 'Dec 31 00:00:00', 'Jan  1 00:00:00', 'Feb 29 00:00:00'];

      assert.deepEqual(read(stamps, '2024-03-01T00:00:00Z'), Array(4).fill(undefined));
    });

    it('takes a clock that is ahead by hours for no other year', () => {
      assert.deepEqual(read(['Nov 28 14:00:00'], '2022-11-28T04:00:00Z'), ['2022-11-28T14:00:00']);
    });

    it('finds the moments of any log without a gap of eleven months', () => {
      const gaps = fc.array(fc.integer({ min: 0, max: 334 * 86_400 }), {
        minLength: 1,
        maxLength: 12,
      });
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 86_400 * 365 * 8 }), gaps, (start, steps) => {
          const times = steps.reduce(
            (all, step) => [...all, (all.at(-1) ?? 0) + step * 1000],
            [Date.UTC(2016, 0) + start * 1000],
          );
          const isos = times.map((ms) => new Date(ms).toISOString().slice(0, 19));
          const stamps = times.map((ms) =>
            new Date(ms).toUTCString().replace(/^\w+, (\d\d) (\w+) \d+ (\S+) GMT$/, '$2 $1 $3'),
          );

          assert.deepEqual(read(stamps, `${isos.at(-1)}Z`), isos);
        }),
        { numRuns: 300 },
      );
    });
  });

  describe('with local times', () => {
    it('reads them in its zone, winter and summer', () => {
      const zone = berlin;

      assert.deepEqual(
        read(['Jan  2 12:00:00', 'Jul  2 12:00:00'], '2024-07-03T00:00:00Z', { zone }),
        ['2024-01-02T11:00:00', '2024-07-02T10:00:00'],
      );
    });

    it('tells an hour that was shown twice by the order of the log', () => {
      const stamps = [
        'Oct 27 01:59:00',
        'Oct 27 02:30:00',
        'Oct 27 02:59:59',
        'Oct 27 02:00:00',
        'Oct 27 02:30:00',
        'Oct 27 03:00:00',
      ];

      assert.deepEqual(read(stamps, '2024-10-28T00:00:00Z', { zone: berlin }), [
        '2024-10-26T23:59:00',
        '2024-10-27T00:30:00',
        '2024-10-27T00:59:59',
        '2024-10-27T01:00:00',
        '2024-10-27T01:30:00',
        '2024-10-27T02:00:00',
      ]);
    });

    it('reads what follows a change of zone in the new one', () => {
      const clock = createLogClock({ zone: utc, bootedAtUnixNs: undefined });
      const note = (text: string) =>
        clock.note(lineHead(Buffer.from(text))?.stamp ?? assert.fail());
      const before = note('Nov 28 02:59:07 x');
      clock.changeZone(berlin);
      const after = note('Nov 28 04:00:00 x');

      const written = Date.parse('2022-11-28T05:00:00Z');
      const minutes = [before, after].map((each) =>
        Number((clock.momentOf(each, written)?.atUnixNs ?? 0n) / 60_000_000_000n),
      );
      assert.equal((minutes[1] ?? 0) - (minutes[0] ?? 0), 1);
    });
  });

  describe('with times since boot', () => {
    it('counts from the boot', () => {
      const bootedAtUnixNs = BigInt(Date.UTC(2024, 0, 1)) * 1_000_000n;

      assert.deepEqual(
        read(['[   61.500000]', '6,1,62000000,-;'], '2024-01-02T00:00:00Z', { bootedAtUnixNs }),
        ['2024-01-01T00:01:01', '2024-01-01T00:01:02'],
      );
    });

    it('gives none where nobody says when that was', () => {
      assert.deepEqual(read(['[   61.500000]'], '2024-01-02T00:00:00Z'), [undefined]);
    });
  });
});
