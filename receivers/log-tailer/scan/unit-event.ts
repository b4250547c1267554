import type { EventDefinition } from '../core/event.ts';
import type { Occurrence } from '../core/occurrence.ts';
import type { UnitMoment } from '../core/unit-moment.ts';

export interface UnitEvent {
  readonly definition: EventDefinition;
  readonly occurrence: Occurrence;
}

const phases: Readonly<Record<UnitMoment['phase'], readonly [suffix: string, words: string]>> = {
  begins: ['start', 'starting'],
  done: ['ready', 'ready'],
  failed: ['failed', 'failed'],
};
const longestName = 48;

/** An event of its own for what a unit of systemd's did: what there is to chart of a distribution of which nothing else is known. */
export function unitEvent({ unit, phase, ...occurrence }: UnitMoment): UnitEvent {
  const [suffix, words] = phases[phase];
  const name = unit
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, longestName);
  const metric = `unit_${name}_${suffix}`;
  return {
    definition: {
      name: `${unit} ${words}`,
      metric,
      selector: 'first',
      terminal: false,
      sources: [occurrence.source],
    },
    occurrence: { ...occurrence, event: metric },
  };
}
