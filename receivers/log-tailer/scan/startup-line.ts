import type { Activity } from '../core/activity.ts';
import type { Occurrence } from '../core/occurrence.ts';

type Moment = Omit<Occurrence, 'event' | 'comment' | 'monotonicUs'>;

const parts = ['kernel', 'initrd', 'userspace'] as const;
const said = /Startup finished in (.{1,200}) = /;
const unitSeconds: Readonly<Record<string, number>> = {
  h: 3600,
  min: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
};

/**
 * How long the parts of a boot took, by `systemd[1]: Startup finished in 1.941s (kernel) + 803ms (initrd) + 1min 8.8s (userspace) = ...`
 * at the moment at which it was said, which is their end. Empty where it says nothing of that.
 */
export function startupActivities(text: string, moment: Moment): readonly Activity[] {
  const durations = new Map(
    (said.exec(text)?.[1] ?? '').split(' + ').map((part) => {
      const [, duration = '', name = ''] = /^(.+) \((\w+)\)$/.exec(part) ?? [];
      return [name, secondsOf(duration)];
    }),
  );
  const { source, precisionNs, bootId } = moment;
  const activities: Activity[] = [];
  let toUnixNs = moment.atUnixNs;
  for (const kind of parts.toReversed()) {
    const seconds = durations.get(kind);
    if (seconds === undefined) continue;
    const fromUnixNs = toUnixNs - BigInt(Math.round(seconds * 1e9));
    const boot = bootId === undefined ? {} : { bootId };
    activities.unshift({ kind, name: kind, source, fromUnixNs, toUnixNs, precisionNs, ...boot });
    toUnixNs = fromUnixNs;
  }
  return activities;
}

function secondsOf(duration: string): number {
  return duration
    .split(' ')
    .map((part) => /^([\d.]+)(h|min|s|ms|us)$/.exec(part))
    .reduce(
      (sum, match) => sum + Number(match?.[1] ?? 0) * (unitSeconds[match?.[2] ?? ''] ?? 0),
      0,
    );
}
