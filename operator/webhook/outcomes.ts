import { leaveReasons, type LeaveReason } from '../injection/decision.ts';

const others = [
  { reason: 'injected', meaning: 'The pod gets its sidecar' },
  { reason: 'not-a-pod', meaning: 'The request is not about a pod that is being created' },
  { reason: 'unreadable', meaning: 'The request is no AdmissionReview with a pod' },
  { reason: 'too-large', meaning: 'The request is longer than 1 MiB' },
  { reason: 'too-slow', meaning: 'The request did not arrive within a second' },
  { reason: 'busy', meaning: 'Requests of 16 MiB are being read already' },
  { reason: 'by-policy', meaning: 'The NetworkProber that has the pod injects by a policy' },
  { reason: 'failed', meaning: 'The operator is at fault' },
] as const;

/** Everything that may come of a request; each lets the pod through. */
export const reviewOutcomes: readonly {
  readonly reason: ReviewOutcome;
  readonly meaning: string;
}[] = [...others, ...leaveReasons];

export type ReviewOutcome = (typeof others)[number]['reason'] | LeaveReason;
