import * as z from 'zod';

import type { Activity } from '../../core/activity.ts';
import type { Occurrence } from '../../core/occurrence.ts';
import { cloudInitSource as source } from './events.ts';

/** Seconds since the Unix epoch; null: not yet. */
const moment = z.number().positive().nullable().catch(null);

const stage = z.object({
  start: moment.default(null),
  finished: moment.default(null),
  errors: z.array(z.string()).catch([]).default([]),
});

const stageNames = ['init-local', 'init', 'modules-config', 'modules-final'] as const;

const status = z.object({ v1: z.record(z.string(), z.unknown()) });

export interface CloudInitStatus {
  readonly occurrences: readonly Occurrence[];
  readonly activities: readonly Activity[];
  /** Its last stage is over. */
  readonly done: boolean;
}

type Stages = Readonly<Partial<Record<(typeof stageNames)[number], z.infer<typeof stage>>>>;

/** Of which end of which stage each event is. */
const events = [
  ['cloudinit_initial_start', 'init', 'start'],
  ['cloudinit_config_start', 'modules-config', 'start'],
  ['cloudinit_final_start', 'modules-final', 'start'],
  ['cloudinit_final_finish', 'modules-final', 'finished'],
] as const;

/** cloud-init writes its times as decimal fractions of a second. */
const precisionNs = 1000;

/** Reads cloud-init's status.json; undefined for anything else, as for one that is being written. */
export function parseStatus(text: string): CloudInitStatus | undefined {
  const stages = stagesOf(text);
  if (stages === undefined) return undefined;
  const occurrences = events.flatMap(([event, name, end]): Occurrence[] => {
    const seconds = stages[name]?.[end] ?? null;
    return seconds === null ? [] : [{ event, source, atUnixNs: unixNs(seconds), precisionNs }];
  });
  const activities = stageNames.flatMap((name): Activity[] => {
    const { start = null, finished = null, errors = [] } = stages[name] ?? {};
    if (start === null || finished === null || finished < start) return [];
    const times = { fromUnixNs: unixNs(start), toUnixNs: unixNs(finished), precisionNs };
    const failure = errors.length === 0 ? {} : { failure: errors.join('; ') };
    return [{ kind: 'cloud-init', name, source, ...times, ...failure }];
  });
  return { occurrences, activities, done: (stages['modules-final']?.finished ?? null) !== null };
}

function stagesOf(text: string): Stages | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = status.safeParse(value);
  if (!parsed.success) return undefined;
  const { v1 } = parsed.data;
  const read = stageNames.flatMap((name) => {
    const one = stage.safeParse(v1[name]);
    return one.success ? [[name, one.data] as const] : [];
  });
  return Object.fromEntries(read);
}

function unixNs(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6)) * 1000n;
}
