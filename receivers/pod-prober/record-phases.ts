import { boundariesOf } from './boundaries.ts';
import type { Offset } from './clock-offset.ts';
import { seenBy } from './facts.ts';
import type { Failure } from './failure.ts';
import { measuredPhase, startPhases, type Phase } from './phases.ts';
import { creationOf, type ProbeRecord, type WriteRecord } from './probe-record.ts';

function createPhase(create: WriteRecord): Phase {
  return measuredPhase({
    phase: 'create',
    startNs: create.sentNs,
    endNs: create.answeredNs ?? create.sentNs,
    source: 'request',
    failure: create.failure,
  });
}

function waitPhases(record: ProbeRecord, offsets: ReadonlyMap<string, Offset>): Phase[] {
  if (record.create.failure !== null) return [];
  const facts = record.waitFailure === null ? record.facts : seenBy(record.facts, record.waitedNs);
  const boundaries = boundariesOf(facts, creationOf(record.create), offsets);
  return startPhases(boundaries, {
    stoppedNs: record.waitedNs,
    failure: record.waitFailure,
    readySeenNs: record.facts.sights.ready,
  });
}

/** A sandbox answers packets before, and without, any container: no latency of a pod that works. */
function neverReady(waitFailure: Failure | null, answer: string | null): Failure | null {
  if (waitFailure === null) return null;
  const message = `answered (${answer}), but the pod did not become Ready: ${waitFailure.message}`;
  return { reason: waitFailure.reason, message };
}

function packetPhases(record: ProbeRecord): Phase[] {
  const packet = record.firstPacket;
  if (packet === null) return [];
  const { startNs, endNs, gapNs } = packet;
  const failure = packet.failure ?? neverReady(record.waitFailure, packet.answer);
  return [
    measuredPhase({
      phase: 'first-packet',
      startNs,
      endNs,
      startSource: 'watch',
      source: 'request',
      uncertaintyNs: gapNs,
      failure,
    }),
  ];
}

interface Effect {
  /** When the watch showed it. */
  readonly atNs: bigint | undefined;
  readonly gaveUpNs: bigint;
  /** Why there was none, where the write itself did not fail. */
  readonly missing: Failure;
}

/** From sending a write to seeing its effect in the watch; an effect from before is not its own. */
function writePhase(
  phase: 'update' | 'cleanup',
  write: WriteRecord | null,
  effect: Effect,
): Phase[] {
  if (write === null) return [];
  const { sentNs } = write;
  const { atNs, gaveUpNs, missing } = effect;
  const ends = { phase, startNs: sentNs, source: 'watch' } as const;
  if (write.failure === null && atNs !== undefined && atNs >= sentNs) {
    return [measuredPhase({ ...ends, endNs: atNs, failure: null })];
  }
  return [measuredPhase({ ...ends, endNs: gaveUpNs, failure: write.failure ?? missing })];
}

/** Why a deletion that did not fail was not seen to delete anything. */
function nothingDeleted(record: ProbeRecord): Failure {
  const reason = (record.create.failure ?? record.waitFailure)?.reason ?? 'deleted';
  return { reason, message: `no pod ${record.identity.podName} was there to delete` };
}

/** The phases of a probe, in the order of phaseNames; those that were never begun are not there. */
export function phasesOf(record: ProbeRecord, offsets: ReadonlyMap<string, Offset>): Phase[] {
  const { sights } = record.facts;
  const labelled = {
    atNs: sights.labelled,
    gaveUpNs: record.cleanup?.sentNs ?? record.endNs,
    missing: { reason: 'deadline', message: 'the label was not seen in the watch' },
  } as const;
  const gone = {
    atNs: sights.gone,
    gaveUpNs: record.cleanedNs ?? record.endNs,
    missing: nothingDeleted(record),
  };
  return [
    createPhase(record.create),
    ...waitPhases(record, offsets),
    ...packetPhases(record),
    ...writePhase('update', record.update, labelled),
    ...writePhase('cleanup', record.cleanup, gone),
  ];
}
