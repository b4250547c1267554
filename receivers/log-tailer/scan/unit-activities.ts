import type { Activity } from '../core/activity.ts';
import type { UnitMoment } from './unit-moment.ts';

/** Makes activities of the moments of units, which come in the order of their log. */
export interface UnitActivities {
  /** Gives what ended with it; undefined where nothing did. */
  readonly add: (moment: UnitMoment) => Activity | undefined;
}

/** Of units that have begun: those that began longest ago are forgotten beyond it. */
const mostOpen = 1000;

/** A unit that is done without having begun, as targets and simple services are, took no time. */
export function createUnitActivities(): UnitActivities {
  const open = new Map<string, UnitMoment>();
  return {
    add(moment) {
      const key = `${moment.source} ${moment.bootId ?? ''} ${moment.unit}`;
      const begun = open.get(key);
      open.delete(key);
      if (moment.phase !== 'begins') return activity(begun ?? moment, moment);
      open.set(key, moment);
      const [oldest = key] = open.keys();
      if (open.size > mostOpen) open.delete(oldest);
      return undefined;
    },
  };
}

function activity(from: UnitMoment, { unit, phase, source, bootId, ...to }: UnitMoment): Activity {
  return {
    kind: 'unit',
    name: unit,
    source,
    fromUnixNs: from.atUnixNs,
    toUnixNs: to.atUnixNs,
    precisionNs: Math.max(from.precisionNs, to.precisionNs),
    ...(bootId === undefined ? {} : { bootId }),
    ...(phase === 'failed' ? { failure: 'the unit failed' } : {}),
  };
}
