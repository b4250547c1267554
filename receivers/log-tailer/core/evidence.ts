import type { Activity } from './activity.ts';
import type { NodeFacts } from './node-facts.ts';
import type { Occurrence } from './occurrence.ts';
import type { SourceReport } from './source-report.ts';

/** What sources know. */
export interface Evidence {
  readonly occurrences: readonly Occurrence[];
  readonly activities: readonly Activity[];
  /** Of every source that takes part. */
  readonly reports: readonly SourceReport[];
  readonly facts: NodeFacts;
}

/** Of facts that several know those of the first count. */
export function joinEvidence(all: readonly Evidence[]): Evidence {
  return {
    occurrences: all.flatMap(({ occurrences }) => occurrences),
    activities: all.flatMap(({ activities }) => activities),
    reports: all.flatMap(({ reports }) => reports),
    facts: Object.assign({}, ...all.toReversed().map(({ facts }) => facts)) as NodeFacts,
  };
}
