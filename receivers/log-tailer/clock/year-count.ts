import { dayOfLeapYear, isLeapYear } from './day-time.ts';
import type { LocalStamp } from './stamp.ts';

/** Finds the years of a log whose stamps have none, from when it was last written backwards. */
export interface YearCount {
  /** Takes a stamp, in the order of the log, and tells how many new years the log has seen before it. */
  readonly note: (stamp: LocalStamp) => number;
  /**
   * The year in which the log has seen so many new years, given when its last line was written; undefined where no year fits,
   * or no stamp was noted.
   */
  readonly yearOf: (newYears: number, writtenUnixMs: number) => number | undefined;
}

const dayMs = 86_400_000;
/** A stamp that is so many days earlier in the year than the one before it is of the next year, if it was not a clock set back. */
const newYearDays = 30;
/** A stamp so much later in the year is a late line of the last year. */
const lateLineDays = 364;
/** How far a stamp may be ahead of when the log was written: zones, and clocks that are wrong. */
const slackMs = dayMs;
/** There is a leap year among any eight. */
const mostYearsBack = 8;

export function createYearCount(): YearCount {
  let last: LocalStamp | undefined;
  let newYears = 0;
  const withLeapDay = new Set<number>();
  /** Of the first year of the log, as long as nothing that it depends on changes. */
  let known = { day: -1, newYears: 0, writtenUnixMs: 0, year: undefined as number | undefined };

  function fits({ month, day, nsOfDay }: LocalStamp, year: number, writtenUnixMs: number): boolean {
    const stampMs = Date.UTC(year, month - 1, day) + nsOfDay / 1e6;
    if (stampMs > writtenUnixMs + slackMs) return false;
    return [...withLeapDay].every((count) => isLeapYear(year - newYears + count));
  }

  function latestYear(stamp: LocalStamp, writtenUnixMs: number): number | undefined {
    const latest = new Date(writtenUnixMs + slackMs).getUTCFullYear();
    for (let year = latest; year > latest - mostYearsBack; year--)
      if (fits(stamp, year, writtenUnixMs)) return year;
    return undefined;
  }

  return {
    note(stamp) {
      const day = dayOfLeapYear(stamp.month, stamp.day);
      const step = last === undefined ? 0 : day - dayOfLeapYear(last.month, last.day);
      if (step < -newYearDays) newYears++;
      else if (step > lateLineDays) newYears--;
      if (stamp.month === 2 && stamp.day === 29) withLeapDay.add(newYears);
      last = stamp;
      return newYears;
    },
    yearOf(count, writtenUnixMs) {
      if (last === undefined) return undefined;
      const day = dayOfLeapYear(last.month, last.day);
      if (known.day !== day || known.newYears !== newYears || known.writtenUnixMs !== writtenUnixMs)
        known = { day, newYears, writtenUnixMs, year: latestYear(last, writtenUnixMs) };
      return known.year === undefined ? undefined : known.year - newYears + count;
    },
  };
}
