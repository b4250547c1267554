/** How clocks on walls went somewhere. */
export interface Zone {
  /** As it was given: `UTC`, `Europe/Berlin`, `+02:00`. */
  readonly name: string;
  /** How much clocks on walls were ahead of UTC. */
  readonly offsetMsAt: (unixMs: number) => number;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMs = 24 * hourMs;

export const utc: Zone = { name: 'UTC', offsetMsAt: () => 0 };

/** The zone of a name of the time zone database or an offset; undefined where there is none of that name. */
export function zoneNamed(name: string): Zone | undefined {
  if (['UTC', 'Etc/UTC', 'Z'].includes(name)) return utc;
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    const offsetMs = (offset[1] === '-' ? -minutes : minutes) * minuteMs;
    return { name, offsetMsAt: () => offsetMs };
  }
  try {
    return databaseZone(name);
  } catch (caught) {
    if (caught instanceof RangeError) return undefined;
    throw caught;
  }
}

/** The name of a zone in the target of /etc/localtime, or in the text of /etc/timezone; undefined where there is none. */
export function zoneNameIn(localtime: string): string | undefined {
  const name = /(?:^|\/zoneinfo\/(?:posix\/|right\/)?)([A-Za-z][\w+-]*(?:\/[\w+-]+)*)\s*$/.exec(
    localtime,
  );
  return name?.[1];
}

function databaseZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Lines come by the thousand in one quarter of an hour, and zones change at the full hour or half of it.
  let known = { quarter: Number.NaN, offsetMs: 0 };
  return {
    name,
    offsetMsAt(unixMs) {
      const quarter = Math.floor(unixMs / (hourMs / 4));
      if (known.quarter !== quarter)
        known = { quarter, offsetMs: offsetOf(format, quarter * (hourMs / 4)) };
      return known.offsetMs;
    },
  };
}

function offsetOf(format: Intl.DateTimeFormat, unixMs: number): number {
  const parts = Object.fromEntries(
    format.formatToParts(unixMs).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(unixMs / 1000) * 1000;
}

/**
 * The moments, the earlier first, at which clocks on walls showed a time: two while an hour is repeated. A time that was left out
 * counts as if the clocks had not been turned yet. `wallMs` is what they showed, read as if it were UTC.
 */
export function momentsOf({ offsetMsAt }: Zone, wallMs: number): readonly number[] {
  const offsets = [offsetMsAt(wallMs - dayMs), offsetMsAt(wallMs + dayMs)];
  const moments = [...new Set(offsets)].map((offsetMs) => wallMs - offsetMs);
  const shown = moments.filter((unixMs) => unixMs + offsetMsAt(unixMs) === wallMs);
  if (shown.length > 0) return shown.toSorted((a, b) => a - b);
  return [wallMs - (offsets[0] ?? 0)];
}
