import type { Activity } from '../core/activity.ts';
import type { UnitMoment } from '../core/unit-moment.ts';

/** Units from their begin until they were done or failed; one of which only one end is told is none. */
export function unitActivities(moments: readonly UnitMoment[]): readonly Activity[] {
  const begun = new Map<string, UnitMoment>();
  const found: Activity[] = [];
  for (const moment of moments.toSorted(byTime)) {
    const { unit, phase, source, bootId, precisionNs } = moment;
    const key = `${bootId ?? ''} ${source} ${unit}`;
    if (phase === 'begins') {
      begun.set(key, moment);
      continue;
    }
    const begin = begun.get(key);
    if (begin === undefined) continue;
    begun.delete(key);
    found.push({
      kind: 'unit',
      name: unit,
      source,
      fromUnixNs: begin.atUnixNs,
      toUnixNs: moment.atUnixNs,
      precisionNs: Math.max(precisionNs, begin.precisionNs),
      ...(bootId === undefined ? {} : { bootId }),
      ...(phase === 'failed' ? { failure: 'systemd failed to start it' } : {}),
    });
  }
  return found;
}

function byTime({ atUnixNs: a }: UnitMoment, { atUnixNs: b }: UnitMoment): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
