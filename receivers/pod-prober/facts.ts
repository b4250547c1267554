import { maxSights, type StatusSight } from '../shared/kubernetes/pod-evidence.ts';
import {
  isNewer,
  isReady,
  isScheduled,
  isStarted,
  startedSecondNs,
  type PodNote,
  type PodState,
} from './pod-state.ts';

/** The moments in a pod's life that a watch can show, each by its first arrival here. */
export type Sight = 'found' | 'scheduled' | 'address' | 'started' | 'ready' | 'labelled' | 'gone';

/** Whole seconds that the pod's own status gives, by the clock of whoever wrote them. */
interface StatusSeconds {
  readonly scheduled: bigint | null;
  readonly started: bigint | null;
  readonly ready: bigint | null;
}

/** An Event and when it arrived here. */
export interface HeardNote extends PodNote {
  readonly arrivalNs: bigint;
}

/** Something that the pod's status said, and when that first arrived here. */
export interface HeardSight extends StatusSight {
  readonly arrivalNs: bigint;
}

/** Everything heard about one pod, whatever the order it was heard in. */
export interface Facts {
  readonly sights: Readonly<Partial<Record<Sight, bigint>>>;
  readonly seconds: StatusSeconds;
  /** The newest version of the pod. */
  readonly pod: PodState | undefined;
  readonly notes: ReadonlyMap<string, HeardNote>;
  /** By their keys. */
  readonly said: ReadonlyMap<string, HeardSight>;
}

export type Heard =
  | { readonly kind: 'pod'; readonly pod: PodState; readonly arrivalNs: bigint }
  | { readonly kind: 'gone'; readonly pod: PodState | undefined; readonly arrivalNs: bigint }
  | { readonly kind: 'note'; readonly note: PodNote; readonly arrivalNs: bigint };

export const noFacts: Facts = {
  sights: {},
  seconds: { scheduled: null, started: null, ready: null },
  pod: undefined,
  notes: new Map(),
  said: new Map(),
};

/** Notes kept of one pod; a pod in a crash loop makes Events without end. */
const maxNotes = 64;

function earliest(one: bigint | null | undefined, other: bigint | null): bigint | null {
  if (one === null || one === undefined) return other;
  return other === null || one < other ? one : other;
}

function sightsOf(pod: PodState, updateLabel: string): Sight[] {
  const sights: Sight[] = ['found'];
  if (isScheduled(pod)) sights.push('scheduled');
  if (pod.address !== undefined) sights.push('address');
  if (isStarted(pod)) sights.push('started');
  if (isReady(pod)) sights.push('ready');
  if (pod.labels[updateLabel] !== undefined) sights.push('labelled');
  return sights;
}

function addSights(
  sights: Facts['sights'],
  seen: readonly Sight[],
  arrivalNs: bigint,
): Facts['sights'] {
  const fresh = seen.filter((each) => (sights[each] ?? arrivalNs + 1n) > arrivalNs);
  if (fresh.length === 0) return sights;
  return { ...sights, ...Object.fromEntries(fresh.map((each) => [each, arrivalNs])) };
}

function addSaid(
  said: Facts['said'],
  says: readonly StatusSight[],
  arrivalNs: bigint,
): Facts['said'] {
  const fresh = says.filter(({ key }) => {
    const known = said.get(key);
    return known === undefined ? said.size < maxSights : known.arrivalNs > arrivalNs;
  });
  if (fresh.length === 0) return said;
  return new Map([...said, ...fresh.map((sight) => [sight.key, { ...sight, arrivalNs }] as const)]);
}

function addPod(facts: Facts, pod: PodState, arrivalNs: bigint, updateLabel: string): Facts {
  const { seconds } = facts;
  const scheduledNs = pod.scheduled?.status === 'True' ? pod.scheduled.changedNs : null;
  const readyNs = isReady(pod) ? (pod.ready?.changedNs ?? null) : null;
  return {
    ...facts,
    sights: addSights(facts.sights, sightsOf(pod, updateLabel), arrivalNs),
    seconds: {
      scheduled: earliest(seconds.scheduled, scheduledNs),
      started: earliest(seconds.started, isStarted(pod) ? startedSecondNs(pod) : null),
      ready: earliest(seconds.ready, readyNs),
    },
    said: addSaid(facts.said, pod.says, arrivalNs),
    ...(facts.pod === undefined || isNewer(pod.version, facts.pod.version) ? { pod } : {}),
  };
}

function addNote(facts: Facts, note: PodNote, arrivalNs: bigint): Facts {
  const known = facts.notes.get(note.key);
  if (known !== undefined && known.arrivalNs <= arrivalNs) return facts;
  if (known === undefined && facts.notes.size >= maxNotes) return facts;
  return { ...facts, notes: new Map(facts.notes).set(note.key, { ...note, arrivalNs }) };
}

/** Adds one thing heard. The result does not depend on the order in which things are added. */
export function hear(facts: Facts, heard: Heard, updateLabel: string): Facts {
  switch (heard.kind) {
    case 'pod':
      return addPod(facts, heard.pod, heard.arrivalNs, updateLabel);
    case 'note':
      return addNote(facts, heard.note, heard.arrivalNs);
    case 'gone': {
      const sights = addSights(facts.sights, ['gone'], heard.arrivalNs);
      return { ...facts, sights };
    }
  }
}

/** The first note of a reason, by its own clock where it has one; restarts repeat reasons. */
export function firstNote(facts: Facts, reason: string, container?: string): HeardNote | undefined {
  let first: HeardNote | undefined;
  for (const note of facts.notes.values()) {
    if (note.reason !== reason) continue;
    if (container !== undefined && note.container !== container) continue;
    if (first === undefined || orderNs(note) < orderNs(first)) first = note;
  }
  return first;
}

function orderNs(note: HeardNote): bigint {
  return note.clockNs ?? note.arrivalNs;
}

/** The facts about a pod that the watch never showed, with what the answer to its create tells. */
export function orAsCreated(facts: Facts, created: PodState | undefined): Facts {
  return facts.pod === undefined && created !== undefined ? { ...facts, pod: created } : facts;
}

/** What had been seen by then: a pod that is deleted goes on changing, which is not its start any more. */
export function seenBy(facts: Facts, byNs: bigint): Facts {
  const sights = Object.entries(facts.sights).filter(([, atNs]) => atNs <= byNs);
  return { ...facts, sights: Object.fromEntries(sights) };
}
