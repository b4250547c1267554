import {
  assumePrompt,
  correctionNs,
  estimateOffsets,
  isContradictory,
  unknownOffset,
  type Offset,
  type Reading,
} from './clock-offset.ts';
import { firstNote, type Facts, type HeardNote, type Sight } from './facts.ts';

/**
 * Where the time of a boundary comes from: our own `request`; an `event` of the cluster, to the
 * microsecond or better by the clock of whoever wrote it; a `condition`, to the second by that
 * clock; or the arrival on our `watch`, an upper bound by our clock.
 */
export type Source = 'request' | 'event' | 'condition' | 'watch';

/** A moment in a pod's life by our clock: an estimate and the bounds between which the truth lies. */
export interface Boundary {
  readonly atNs: bigint;
  readonly loNs: bigint;
  readonly hiNs: bigint;
  readonly source: Source;
  /** What was taken from the other clock's reading because it is certainly wrong; 0n: nothing. */
  readonly correctedNs: bigint;
  /** By how much an Event's clock lies outside what must hold, so that it was not used. */
  readonly rejectedNs: bigint | null;
}

/** The times of the create request by our clock. */
export interface Creation {
  readonly sentNs: bigint;
  /** Null: no answer was received. */
  readonly answeredNs: bigint | null;
}

export type BoundaryName = 'created' | 'scheduled' | 'started' | 'ready';

export type Boundaries = Readonly<Partial<Record<BoundaryName, Boundary>>>;

const secondNs = 1_000_000_000n;
const nodeClock = (node: string): string => `node:${node}`;
/** PodScheduled is stamped by the API server that took the binding. */
const serverClock = 'apiserver';

function noteReading(note: HeardNote, afterNs: bigint): Reading[] {
  if (note.clockNs === null) return [];
  const { clockId, clockNs, arrivalNs } = note;
  return [{ clockId, clockNs, resolutionNs: 0n, afterNs, beforeNs: arrivalNs }];
}

function secondReading(
  clockId: string,
  at: bigint | null,
  seen: bigint | undefined,
  afterNs: bigint,
): Reading[] {
  if (at === null || seen === undefined) return [];
  return [{ clockId, clockNs: at, resolutionNs: secondNs, afterNs, beforeNs: seen }];
}

/**
 * Every reading of another clock with what must have come before it: nothing is noted about a pod
 * before its creation was sent, and a pod that only we delete is not killed before we asked for it.
 */
function readingsOf(facts: Facts, creation: Creation, deleteSentNs: bigint | null): Reading[] {
  const readings: Reading[] = [];
  for (const note of facts.notes.values()) {
    const killed = note.reason === 'Killing' && deleteSentNs !== null;
    readings.push(...noteReading(note, killed ? deleteSentNs : creation.sentNs));
  }
  const { seconds, sights, pod } = facts;
  readings.push(
    ...secondReading(serverClock, seconds.scheduled, sights.scheduled, creation.sentNs),
  );
  if (pod?.node !== undefined) {
    const clock = nodeClock(pod.node);
    readings.push(...secondReading(clock, seconds.started, sights.started, creation.sentNs));
    readings.push(...secondReading(clock, seconds.ready, sights.ready, creation.sentNs));
  }
  return readings;
}

/** The bounds of every clock that spoke about the pod. */
export function offsetsOf(
  facts: Facts,
  about: { readonly creation: Creation; readonly deleteSentNs: bigint | null },
  known: (clockId: string) => Offset,
): ReadonlyMap<string, Offset> {
  return estimateOffsets(readingsOf(facts, about.creation, about.deleteSentNs), known);
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

interface Window {
  readonly loNs: bigint;
  readonly hiNs: bigint;
}

/** The time a reading stands for by our clock, as bounds. */
function translate(clockNs: bigint, resolutionNs: bigint, offset: Offset, window: Window): Window {
  const loNs = offset.hiNs === null ? window.loNs : clockNs - offset.hiNs;
  const hiNs = offset.loNs === null ? window.hiNs : clockNs + resolutionNs - offset.loNs;
  return { loNs: max(window.loNs, loNs), hiNs: min(window.hiNs, hiNs) };
}

type FromEvent =
  | { readonly kind: 'boundary'; readonly boundary: Boundary }
  | { readonly kind: 'rejected'; readonly byNs: bigint };

/** Uses an Event's clock if it lies where it must: after what caused it, before we saw its effect. */
function fromEvent(clockNs: bigint, offset: Offset, window: Window): FromEvent {
  const correctedNs = correctionNs(offset);
  const atNs = clockNs - correctedNs;
  if (atNs > window.hiNs) return { kind: 'rejected', byNs: atNs - window.hiNs };
  if (atNs < window.loNs) return { kind: 'rejected', byNs: atNs - window.loNs };
  const bounds = translate(clockNs, 0n, offset, window);
  const [loNs, hiNs] = [min(bounds.loNs, atNs), max(bounds.hiNs, atNs)];
  return {
    kind: 'boundary',
    boundary: { atNs, loNs, hiNs, source: 'event', correctedNs, rejectedNs: null },
  };
}

/** Without an Event: our watch, unless a condition's second ends before it was seen. */
function fromStatus(
  evidence: Evidence,
  offset: Offset,
  bounds: { readonly window: Window; readonly likelyNs: bigint },
): Omit<Boundary, 'rejectedNs'> {
  const { second, promptNs } = evidence;
  const { window, likelyNs } = bounds;
  const earliestNs = promptNs === null ? window.loNs : max(window.loNs, window.hiNs - promptNs);
  const watch = {
    atNs: window.hiNs,
    loNs: earliestNs,
    hiNs: window.hiNs,
    source: 'watch',
    correctedNs: 0n,
  } as const;
  if (second === null || isContradictory(offset)) return watch;
  const correctedNs = correctionNs(offset);
  const toNs = second - correctedNs + secondNs;
  if (toNs >= window.hiNs || toNs <= likelyNs) return watch;
  const fromNs = [second - correctedNs, earliestNs]
    .filter((each) => each < toNs)
    .reduce(max, likelyNs);
  const truth = translate(second, secondNs, offset, window);
  return {
    atNs: (fromNs + toNs) / 2n,
    loNs: min(fromNs, truth.loNs),
    hiNs: max(toNs, truth.hiNs),
    source: 'condition',
    correctedNs,
  };
}

/**
 * How long a change may take to reach our watch, judged by this pod's own: from sending the create
 * to seeing the pod, doubled. Null: the pod was never seen.
 */
export function promptNsOf(facts: Facts, creation: Creation): bigint | null {
  const foundNs = facts.sights.found;
  return foundNs === undefined ? null : 2n * max(0n, foundNs - creation.sentNs);
}

/** The bounds of the clocks under the assumption that what they noted reached us promptly. */
export function assumePromptDelivery(offsets: Offsets, promptNs: bigint | null): Offsets {
  if (promptNs === null) return offsets;
  return new Map([...offsets].map(([clock, offset]) => [clock, assumePrompt(offset, promptNs)]));
}

interface Evidence {
  readonly sight: Sight;
  readonly note: HeardNote | undefined;
  readonly second: bigint | null;
  readonly secondClock: string | undefined;
  /** A change of the pod object itself reaches the watch in this time; null: its cause came earlier. */
  readonly promptNs: bigint | null;
}

/** What a boundary cannot be before: for certain, and by the estimate of the boundary before it. */
interface Floor {
  readonly certainNs: bigint;
  readonly likelyNs: bigint;
}

type Offsets = ReadonlyMap<string, Offset>;

function fuse(
  facts: Facts,
  evidence: Evidence,
  floor: Floor,
  offsets: Offsets,
): Boundary | undefined {
  const seenNs = facts.sights[evidence.sight];
  if (seenNs === undefined) return undefined;
  const window: Window = { loNs: min(floor.certainNs, seenNs), hiNs: seenNs };
  const { note } = evidence;
  const offset = note === undefined ? unknownOffset : (offsets.get(note.clockId) ?? unknownOffset);
  const usable = note !== undefined && note.clockNs !== null && !isContradictory(offset);
  const event = usable ? fromEvent(note.clockNs ?? 0n, offset, window) : undefined;
  if (event?.kind === 'boundary') return event.boundary;
  const secondOffset = offsets.get(evidence.secondClock ?? '') ?? unknownOffset;
  const status = fromStatus(evidence, secondOffset, { window, likelyNs: floor.likelyNs });
  return { ...status, rejectedNs: event?.kind === 'rejected' ? event.byNs : null };
}

function floorAfter(...before: (Boundary | undefined)[]): Floor {
  const known = before.filter((each) => each !== undefined);
  return {
    certainNs: known.map((each) => each.loNs).reduce(max),
    likelyNs: known.map((each) => each.atNs).reduce(max),
  };
}

/** The Event of the last container's start, once every container has one. */
function lastStarted(facts: Facts): HeardNote | undefined {
  const names = facts.pod?.containerNames ?? [];
  const notes = names.map((name) => firstNote(facts, 'Started', name));
  if (notes.some((note) => note?.clockNs === undefined || note.clockNs === null)) return undefined;
  return notes.reduce(
    (last, note) => ((note?.clockNs ?? 0n) > (last?.clockNs ?? 0n) ? note : last),
    undefined,
  );
}

function createdBoundary(creation: Creation, facts: Facts): Boundary | undefined {
  const seen = [creation.answeredNs, facts.sights.found].filter(
    (each) => each !== undefined && each !== null,
  );
  if (seen.length === 0) return undefined;
  const hiNs = max(creation.sentNs, seen.reduce(min));
  return {
    atNs: hiNs,
    loNs: creation.sentNs,
    hiNs,
    source: 'request',
    correctedNs: 0n,
    rejectedNs: null,
  };
}

/**
 * The boundaries of a pod's start by our clock, each from the best source there is: an Event's
 * clock where it keeps to what must have come before and after, else a condition or the watch.
 */
export function boundariesOf(facts: Facts, creation: Creation, offsets: Offsets): Boundaries {
  const created = createdBoundary(creation, facts);
  if (created === undefined) return {};
  const promptNs = promptNsOf(facts, creation);
  const { seconds, pod } = facts;
  const kubelet = pod?.node === undefined ? undefined : nodeClock(pod.node);
  const scheduledBy: Evidence = {
    sight: 'scheduled',
    note: firstNote(facts, 'Scheduled'),
    second: seconds.scheduled,
    secondClock: serverClock,
    promptNs,
  };
  const startedBy: Evidence = {
    sight: 'started',
    note: lastStarted(facts),
    second: seconds.started,
    secondClock: kubelet,
    promptNs: null,
  };
  const readyBy: Evidence = {
    sight: 'ready',
    note: undefined,
    second: seconds.ready,
    secondClock: kubelet,
    promptNs,
  };
  const scheduled = fuse(facts, scheduledBy, floorAfter(created), offsets);
  const started = fuse(facts, startedBy, floorAfter(created, scheduled), offsets);
  const ready = fuse(facts, readyBy, floorAfter(created, scheduled, started), offsets);
  return Object.fromEntries(
    Object.entries({ created, scheduled, started, ready }).filter(([, each]) => each !== undefined),
  );
}
