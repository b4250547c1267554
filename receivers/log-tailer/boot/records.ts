import type { Activity } from '../core/activity.ts';
import type { EventDefinition } from '../core/event.ts';
import type { Evidence } from '../core/evidence.ts';
import type { NodeFacts } from '../core/node-facts.ts';
import type { BootRecord } from './boot-record.ts';
import { separateBoots, type Boot, type KnownBoot } from './boots.ts';
import { measure } from './measure.ts';

export interface RecordsInput {
  readonly definitions: readonly EventDefinition[];
  readonly evidence: Evidence;
  /** Metric of the event at time zero; undefined: the earliest. */
  readonly anchor?: string | undefined;
  /** Boots that are known beforehand. */
  readonly known?: readonly KnownBoot[];
}

/** Every boot that there is evidence of, the oldest first; one without events where there is none at all. */
export function bootRecords(input: RecordsInput): readonly BootRecord[] {
  const { definitions, evidence, anchor, known } = input;
  const { occurrences, activities, reports, facts } = evidence;
  const found = separateBoots(occurrences, definitions, known);
  const none: Boot = { id: undefined, startUnixNs: undefined, occurrences: [] };
  const boots = found.length === 0 ? [none] : found;
  return boots.map((boot, index) => ({
    facts: factsOf(facts, boot, index === boots.length - 1),
    measurement: measure({ definitions, occurrences: boot.occurrences, reports, anchor }),
    activities: activities.filter((each) => isOf(each, boot, boots[index + 1])),
  }));
}

/** The node knows the id of the boot that it is in, which is the last. */
function factsOf({ bootId, ...facts }: NodeFacts, { id }: Boot, isLast: boolean): NodeFacts {
  const own = id ?? (isLast ? bootId : undefined);
  return own === undefined ? facts : { ...facts, bootId: own };
}

/** By its end: what the kernel did before its first line was written began before that. */
function isOf({ bootId, toUnixNs }: Activity, boot: Boot, next: Boot | undefined): boolean {
  if (bootId !== undefined && boot.id !== undefined) return bootId === boot.id;
  const begun = boot.startUnixNs === undefined || toUnixNs >= boot.startUnixNs;
  return begun && (next?.startUnixNs === undefined || toUnixNs < next.startUnixNs);
}
