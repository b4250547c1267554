import type { Creation } from './boundaries.ts';
import type { Facts } from './facts.ts';
import type { Failure } from './failure.ts';

/** Names that make one probe findable everywhere. */
export interface ProbeIdentity {
  /** 16 hex digits. */
  readonly instance: string;
  /** 32 hex digits. */
  readonly traceId: string;
  readonly sampled: boolean;
  readonly namespace: string;
  readonly podName: string;
}

/** A write that the probe made. */
export interface WriteRecord {
  readonly auditId: string;
  readonly sentNs: bigint;
  /** Null: no answer was received. */
  readonly answeredNs: bigint | null;
  readonly status: number | null;
  /** Times it was sent again because the server asked to wait or broke the connection. */
  readonly resends: number;
  readonly failure: Failure | null;
}

export interface FirstPacketRecord {
  /** When the pod's address was known here. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attempts: number;
  /** Start of the answered attempt minus start of the one before: it could have been that much earlier. */
  readonly gapNs: bigint;
  readonly transport: 'tcp' | 'http' | 'icmp';
  readonly address: string;
  readonly port: number | null;
  /** What answered: `accepted`, `refused`, an HTTP status line, or an echo reply. */
  readonly answer: string | null;
  readonly failure: Failure | null;
}

/** Everything that happened in one probe, by our clock. The spans and the report are made from it. */
export interface ProbeRecord {
  readonly identity: ProbeIdentity;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly facts: Facts;
  readonly create: WriteRecord;
  /** When waiting for Ready ended, whatever the outcome. */
  readonly waitedNs: bigint;
  /** Why the pod did not become Ready; null: it did. */
  readonly waitFailure: Failure | null;
  readonly firstPacket: FirstPacketRecord | null;
  /** The label patch; its failure includes not seeing it in the watch. */
  readonly update: WriteRecord | null;
  /** The deletion; its failure includes not seeing the pod go. */
  readonly cleanup: WriteRecord | null;
  /** When the deletion was over or given up. */
  readonly cleanedNs: bigint | null;
}

export function creationOf(create: WriteRecord): Creation {
  return { sentNs: create.sentNs, answeredNs: create.failure === null ? create.answeredNs : null };
}

/** The first failure in the order of the probe; null: all went well. */
export function failureOf(record: ProbeRecord): Failure | null {
  const { create, waitFailure, firstPacket, update, cleanup } = record;
  return (
    create.failure ??
    waitFailure ??
    firstPacket?.failure ??
    update?.failure ??
    cleanup?.failure ??
    null
  );
}
