import { isLeapYear } from './day-time.ts';
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
/** A stamp that is so much earlier in the year than the one before it is of the next year, if it was not a clock set back. */
const newYearMs = 180 * dayMs;
/** A stamp so much later in the year is a late line of the last year. */
const lateLineMs = 364 * dayMs;
/** How far a stamp may be ahead of when the log was written: zones, and clocks that are wrong. */
const slackMs = dayMs;
/** There is a leap year among any eight. */
const mostYearsBack = 8;
const someLeapYear = 2024;

export function createYearCount(): YearCount {
  let last: LocalStamp | undefined;
  let newYears = 0;
  const withLeapDay = new Set<number>();

  function fits(year: number, writtenUnixMs: number): boolean {
    const early = last !== undefined && inYear(last, year) <= writtenUnixMs + slackMs;
    return early && [...withLeapDay].every((count) => isLeapYear(year - newYears + count));
  }

  return {
    note(stamp) {
      const step =
        last === undefined ? 0 : inYear(stamp, someLeapYear) - inYear(last, someLeapYear);
      if (step < -newYearMs) newYears++;
      else if (step > lateLineMs) newYears--;
      if (stamp.month === 2 && stamp.day === 29) withLeapDay.add(newYears);
      last = stamp;
      return newYears;
    },
    yearOf(count, writtenUnixMs) {
      const latest = new Date(writtenUnixMs + slackMs).getUTCFullYear();
      for (let year = latest; year > latest - mostYearsBack; year--)
        if (fits(year, writtenUnixMs)) return year - newYears + count;
      return undefined;
    },
  };
}

function inYear({ month, day, nsOfDay }: LocalStamp, year: number): number {
  return Date.UTC(year, month - 1, day) + nsOfDay / 1e6;
}
