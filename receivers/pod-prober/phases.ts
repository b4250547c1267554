import type { Boundaries, Boundary, BoundaryName, Source } from './boundaries.ts';
import type { FailureReason } from './failure.ts';

/** The phases of a probe in the order in which they end, with the span that shows each. */
export const phaseSpans = {
  create: 'prober.create-pod',
  schedule: 'pod.schedule',
  start: 'pod.start',
  ready: 'pod.ready',
  wait: 'prober.wait-for-pod',
  'first-packet': 'prober.first-packet',
  update: 'prober.update-pod',
  cleanup: 'prober.cleanup',
} as const;

export type PhaseName = keyof typeof phaseSpans;

export const phaseNames = Object.keys(phaseSpans) as readonly PhaseName[];

export interface PhaseFailure {
  readonly reason: FailureReason;
  readonly message: string;
}

export const clockNoteKinds = [
  'clock_corrected',
  'event_rejected',
  'start_moved',
  'end_moved',
  'negative',
] as const;

/** Something about a phase's clocks that must not go unsaid. */
export interface ClockNote {
  readonly kind: (typeof clockNoteKinds)[number];
  /**
   * The correction taken, the distance by which an Event's clock was off, how much earlier than it was
   * seen the phase's start or end was put, or the negative length.
   */
  readonly seconds: number;
}

/** One phase of one probe, by our clock. */
export interface Phase {
  readonly phase: PhaseName;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Null: it failed, or its clocks contradict each other, so there is no latency. */
  readonly seconds: number | null;
  readonly failure: PhaseFailure | null;
  readonly startSource: Source;
  readonly source: Source;
  /** The true length is no further than this from `seconds`. */
  readonly uncertaintySeconds: number;
  readonly notes: readonly ClockNote[];
}

/** A phase whose both ends were read from our own clock. */
export interface Measured {
  readonly phase: PhaseName;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly startSource?: Source;
  readonly source: Source;
  readonly uncertaintyNs?: bigint;
  readonly failure: PhaseFailure | null;
}

function toSeconds(ns: bigint): number {
  return Number(ns) / 1e9;
}

export function measuredPhase(measured: Measured): Phase {
  const { phase, startNs, endNs, source, failure } = measured;
  return {
    phase,
    startNs,
    endNs,
    seconds: failure === null ? toSeconds(endNs - startNs) : null,
    failure,
    startSource: measured.startSource ?? 'request',
    source,
    uncertaintySeconds: toSeconds(measured.uncertaintyNs ?? 0n),
    notes: [],
  };
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

interface Settled extends Boundary {
  /** By how much it was put earlier than it was seen. */
  readonly movedNs: bigint;
}

/**
 * Moves a boundary that is only an upper bound down to what follows it: the watch told of it late.
 * Boundaries with a clock of their own stay where they are.
 */
function settle(boundary: Boundary | undefined, next: Boundary | undefined): Settled | undefined {
  if (boundary === undefined) return undefined;
  const bound = boundary.source === 'watch' || boundary.source === 'request';
  const late = bound && next !== undefined && boundary.atNs > next.atNs;
  const atNs = late ? max(boundary.loNs, next.atNs) : boundary.atNs;
  return { ...boundary, atNs, movedNs: boundary.atNs - atNs };
}

function settleAll(boundaries: Boundaries): Readonly<Partial<Record<BoundaryName, Settled>>> {
  const ready = settle(boundaries.ready, undefined);
  const started = settle(boundaries.started, ready);
  const scheduled = settle(boundaries.scheduled, started ?? ready);
  const created = settle(boundaries.created, scheduled ?? started ?? ready);
  const settled = { created, scheduled, started, ready };
  return Object.fromEntries(Object.entries(settled).filter(([, each]) => each !== undefined));
}

function startNotes(start: Settled): ClockNote[] {
  return start.movedNs === 0n ? [] : [{ kind: 'start_moved', seconds: toSeconds(start.movedNs) }];
}

function notesOf(start: Settled, end: Settled, lengthNs: bigint): ClockNote[] {
  const notes = startNotes(start);
  if (end.movedNs !== 0n) notes.push({ kind: 'end_moved', seconds: toSeconds(end.movedNs) });
  if (end.correctedNs !== 0n) {
    notes.push({ kind: 'clock_corrected', seconds: toSeconds(end.correctedNs) });
  }
  if (end.rejectedNs !== null) {
    notes.push({ kind: 'event_rejected', seconds: toSeconds(end.rejectedNs) });
  }
  if (lengthNs < 0n) notes.push({ kind: 'negative', seconds: toSeconds(lengthNs) });
  return notes;
}

function uncertaintyOf(start: Boundary, end: Boundary): number {
  const longer = end.hiNs - end.atNs + (start.atNs - start.loNs);
  const shorter = end.atNs - end.loNs + (start.hiNs - start.atNs);
  return toSeconds(max(max(longer, shorter), 0n));
}

function between(phase: PhaseName, start: Settled, end: Settled): Phase {
  const lengthNs = end.atNs - start.atNs;
  return {
    phase,
    startNs: start.atNs,
    endNs: end.atNs,
    seconds: lengthNs < 0n ? null : toSeconds(lengthNs),
    failure: null,
    startSource: start.source,
    source: end.source,
    uncertaintySeconds: uncertaintyOf(start, end),
    notes: notesOf(start, end, lengthNs),
  };
}

function unfinished(phase: PhaseName, start: Settled, endNs: bigint, failure: PhaseFailure): Phase {
  return {
    phase,
    startNs: start.atNs,
    endNs: max(endNs, start.atNs),
    seconds: null,
    failure,
    startSource: start.source,
    source: 'watch',
    uncertaintySeconds: toSeconds(start.hiNs - start.loNs),
    notes: startNotes(start),
  };
}

/** Creation to Ready as watched: only the creation's time is uncertain. */
function watched(created: Settled, endNs: bigint): Phase {
  const uncertaintyNs = max(created.hiNs - created.atNs, created.atNs - created.loNs);
  const { atNs: startNs, source: startSource } = created;
  const ends = { startNs, endNs: max(startNs, endNs), startSource, source: 'watch' } as const;
  const measured = measuredPhase({ phase: 'wait', ...ends, uncertaintyNs, failure: null });
  return { ...measured, notes: startNotes(created) };
}

const steps: readonly { phase: PhaseName; from: BoundaryName; to: BoundaryName }[] = [
  { phase: 'schedule', from: 'created', to: 'scheduled' },
  { phase: 'start', from: 'scheduled', to: 'started' },
  { phase: 'ready', from: 'started', to: 'ready' },
];

/**
 * The phases of a pod's start. Where the pod did not become Ready, the phase that it was in fails
 * with the given failure at stoppedNs, and so does the whole wait; later phases do not exist.
 */
export function startPhases(
  boundaries: Boundaries,
  stop: {
    readonly stoppedNs: bigint;
    readonly failure: PhaseFailure | null;
    /** When the watch showed the pod Ready: the whole wait ends here by definition. */
    readonly readySeenNs: bigint | undefined;
  },
): Phase[] {
  const settled = settleAll(boundaries);
  const { created } = settled;
  if (created === undefined) return [];
  const phases: Phase[] = [];
  const failure = stop.failure;
  for (const { phase, from, to } of steps) {
    const [start, end] = [settled[from], settled[to]];
    if (start === undefined) break;
    if (end !== undefined) phases.push(between(phase, start, end));
    else if (failure !== null) phases.push(unfinished(phase, start, stop.stoppedNs, failure));
  }
  if (failure !== null) phases.push(unfinished('wait', created, stop.stoppedNs, failure));
  else if (stop.readySeenNs !== undefined) phases.push(watched(created, stop.readySeenNs));
  return phases;
}
