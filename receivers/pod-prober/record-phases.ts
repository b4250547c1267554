import { boundariesOf } from './boundaries.ts';
import type { Offset } from './clock-offset.ts';
import { seenBy } from './facts.ts';
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

function packetPhases(record: ProbeRecord): Phase[] {
  const packet = record.firstPacket;
  if (packet === null) return [];
  const { startNs, endNs, gapNs, failure } = packet;
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

/** From sending a write to seeing its effect in the watch. */
function writePhase(
  phase: 'update' | 'cleanup',
  write: WriteRecord | null,
  seen: { readonly atNs: bigint | undefined; readonly gaveUpNs: bigint },
): Phase[] {
  if (write === null) return [];
  const endNs = write.failure === null ? (seen.atNs ?? seen.gaveUpNs) : seen.gaveUpNs;
  const { sentNs, failure } = write;
  return [measuredPhase({ phase, startNs: sentNs, endNs, source: 'watch', failure })];
}

/** The phases of a probe, in the order of phaseNames; those that were never begun are not there. */
export function phasesOf(record: ProbeRecord, offsets: ReadonlyMap<string, Offset>): Phase[] {
  const { sights } = record.facts;
  const gaveUpNs = record.cleanup?.sentNs ?? record.endNs;
  return [
    createPhase(record.create),
    ...waitPhases(record, offsets),
    ...packetPhases(record),
    ...writePhase('update', record.update, { atNs: sights.labelled, gaveUpNs }),
    ...writePhase('cleanup', record.cleanup, {
      atNs: sights.gone,
      gaveUpNs: record.cleanedNs ?? record.endNs,
    }),
  ];
}
