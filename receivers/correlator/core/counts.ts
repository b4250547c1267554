import { rules, type Rule } from './evidence.ts';

/** Why spans were not stitched, or copies not delivered. */
export const dropReasons = [
  // Known not to be ours to stitch.
  'unknown_service',
  'other_role',
  'own_output',
  'no_pod',
  'pod_not_chosen',
  'unsampled',
  'native',
  'outside_window',
  'two_pods',
  'ambiguous',
  'too_many_links',
  // Lost for want of knowledge, room or delivery.
  'unresolved',
  'buffer_full',
  'trace_too_large',
  'shutdown',
  'queue_full',
  'send_failed',
  'rejected',
  // Not readable.
  'truncated',
  'wrong_wire_type',
  'bad_id',
  'repeated_field',
  'bad_attribute',
  'span_too_large',
] as const;
export type DropReason = (typeof dropReasons)[number];

/** Everything that is counted, since the start; and, marked "now", what is held. */
export interface Counts {
  requests: number;
  malformedRequests: number;
  received: number;
  stitched: number;
  phaseSpans: number;
  delivered: number;
  readonly dropped: Record<DropReason, number>;
  readonly resolved: Record<Rule, number>;
  twoPodTraces: number;
  /** Observed pods whose phases were not told. */
  untoldPods: number;
  /** Now. */
  waitingSpans: number;
  /** Now. */
  heldBytes: number;
  /** Now: copies that were encoded and not yet delivered. */
  queuedBytes: number;
  /** Now, those included that are gone and remembered. */
  pods: number;
  /** Now: watches of pods that stand. */
  watchesLive: number;
}

function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}

export function createCounts(): Counts {
  return {
    requests: 0,
    malformedRequests: 0,
    received: 0,
    stitched: 0,
    phaseSpans: 0,
    delivered: 0,
    dropped: zeros(dropReasons),
    resolved: zeros(rules),
    twoPodTraces: 0,
    untoldPods: 0,
    waitingSpans: 0,
    heldBytes: 0,
    queuedBytes: 0,
    pods: 0,
    watchesLive: 0,
  };
}
