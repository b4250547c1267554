import { isDate } from './day-time.ts';
import type { LocalStamp, Stamp } from './stamp.ts';
import { createYearCount } from './year-count.ts';
import { momentsOf, type Zone } from './zone.ts';

export interface Moment {
  readonly atUnixNs: bigint;
  readonly precisionNs: number;
  readonly monotonicUs?: number;
}

/** A stamp whose place among the lines of its log is known. */
export interface NotedStamp {
  readonly stamp: Stamp;
  readonly newYears: number;
  readonly zone: Zone;
}

/** Makes moments of the stamps of one log. */
export interface LogClock {
  /** To be told of stamps in the order of the log. */
  readonly note: (stamp: Stamp) => NotedStamp;
  /** Whether the moment cannot change any more with what comes. */
  readonly isSure: (noted: NotedStamp) => boolean;
  /**
   * To be asked in the order of the log. Undefined where the stamp is none of that log's time: no year fits, or its boot is not
   * known. `writtenUnixMs`: when the last line that was noted was written, at the latest.
   */
  readonly momentOf: (noted: NotedStamp, writtenUnixMs: number) => Moment | undefined;
  /** From here on the log's times are of another zone. */
  readonly changeZone: (zone: Zone) => void;
}

export interface LogClockOptions {
  /** Of the log's first line. */
  readonly zone: Zone;
  /** When the kernel started that since-boot stamps count from. */
  readonly bootedAtUnixNs: bigint | undefined;
}

/** In a repeated hour, a line may be so much earlier than the one before it and still be of the same showing. */
const disorderMs = 300_000;
const quarterMs = 900_000;

export function createLogClock({ zone: first, bootedAtUnixNs }: LogClockOptions): LogClock {
  let zone = first;
  let previousUnixMs = Number.NEGATIVE_INFINITY;
  const years = createYearCount();
  /** By how much clocks on walls are ahead: the same throughout a quarter of an hour. */
  let known = { quarter: Number.NaN, wall: first, offsets: [] as readonly number[] };

  /** Of a repeated time the first moment that the order of the log allows. */
  function unixMsOf(wallMs: number, wall: Zone): number {
    const quarter = Math.floor(wallMs / quarterMs);
    if (known.quarter !== quarter || known.wall !== wall) {
      const offsets = momentsOf(wall, quarter * quarterMs).map((ms) => quarter * quarterMs - ms);
      known = { quarter, wall, offsets };
    }
    const { offsets } = known;
    const earliestMs = previousUnixMs - disorderMs;
    const offset = offsets.find((ms) => wallMs - ms >= earliestMs) ?? offsets.at(-1) ?? 0;
    return wallMs - offset;
  }

  function localMoment(stamp: LocalStamp, year: number, wall: Zone): Moment | undefined {
    const { month, day, nsOfDay, precisionNs } = stamp;
    if (!isDate(year, month, day)) return undefined;
    const ns = nsOfDay % 1e6;
    const unixMs = unixMsOf(Date.UTC(year, month - 1, day) + (nsOfDay - ns) / 1e6, wall);
    previousUnixMs = unixMs;
    return { atUnixNs: BigInt(unixMs) * 1_000_000n + BigInt(ns), precisionNs };
  }

  return {
    note(stamp) {
      const yearless = stamp.kind === 'local' && stamp.year === undefined;
      return { stamp, newYears: yearless ? years.note(stamp) : 0, zone };
    },
    isSure: ({ stamp }) => stamp.kind !== 'local' || stamp.year !== undefined,
    momentOf({ stamp, newYears, zone: wall }, writtenUnixMs) {
      switch (stamp.kind) {
        case 'instant':
          return { atUnixNs: stamp.unixNs, precisionNs: stamp.precisionNs };
        case 'local': {
          const year = stamp.year ?? years.yearOf(newYears, writtenUnixMs);
          return year === undefined ? undefined : localMoment(stamp, year, wall);
        }
        case 'since-boot': {
          if (bootedAtUnixNs === undefined) return undefined;
          const { monotonicUs, precisionNs } = stamp;
          const atUnixNs = bootedAtUnixNs + BigInt(Math.round(monotonicUs * 1000));
          return { atUnixNs, precisionNs, monotonicUs };
        }
      }
    },
    changeZone(next) {
      zone = next;
    },
  };
}
