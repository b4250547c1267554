import type { Activity } from '../core/activity.ts';
import type { Occurrence } from '../core/occurrence.ts';

/** Event of systemd's line about its start. */
export const startupFinished = 'startup_finished';

const unitsMs: Readonly<Record<string, number>> = {
  h: 3_600_000,
  min: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
};
/** systemd writes lengths of more than a second in milliseconds. */
const leastPrecisionNs = 1_000_000;
const phases = ['kernel', 'initrd', 'userspace'] as const;

/** Kernel, initrd and userspace of `Startup finished in 1.530s (kernel) + 2.120s (initrd) + 1min 8.3s (userspace) = ...`. */
export function startupActivities(occurrence: Occurrence): readonly Activity[] {
  const { comment = '', source, atUnixNs, bootId } = occurrence;
  const precisionNs = Math.max(leastPrecisionNs, occurrence.precisionNs);
  const told = /Startup finished in (.+)/.exec(comment)?.[1] ?? '';
  const lengths = new Map(
    [...told.matchAll(/((?:[\d.]+(?:h|min|ms|us|s) ?)+)\((\w+)\)/g)].map(
      ([, length = '', name = '']) => [name, lengthNs(length)],
    ),
  );
  let toUnixNs = atUnixNs;
  return phases.toReversed().flatMap((name): Activity[] => {
    const ns = lengths.get(name);
    if (ns === undefined) return [];
    const fromUnixNs = toUnixNs - ns;
    const times = { fromUnixNs, toUnixNs, precisionNs };
    toUnixNs = fromUnixNs;
    return [{ kind: name, name, source, ...times, ...(bootId === undefined ? {} : { bootId }) }];
  });
}

function lengthNs(text: string): bigint {
  const ms = [...text.matchAll(/([\d.]+)(h|min|ms|us|s)/g)].reduce(
    (sum, [, value, unit = '']) => sum + Number(value) * (unitsMs[unit] ?? 0),
    0,
  );
  return BigInt(Math.round(ms * 1000)) * 1000n;
}
