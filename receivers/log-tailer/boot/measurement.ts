import type { EventDefinition } from '../core/event.ts';

/** One occurrence of an event that counts. */
export interface Timing {
  readonly event: EventDefinition;
  /** The source that told of it. */
  readonly source: string;
  readonly atUnixNs: bigint;
  /** How exact the time is: it happened within so long from then. */
  readonly precisionNs: number;
  /** Since time zero; negative before a chosen anchor. */
  readonly sinceNs: bigint;
  /** Later than the last terminal event. */
  readonly afterEnd: boolean;
  readonly comment?: string;
}

/** An event of which nothing was heard. */
export interface Missing {
  readonly event: EventDefinition;
  readonly why: string;
  /** It is terminal, and a source takes part that could tell of it. */
  readonly awaited: boolean;
}

/** When the events of one boot happened. */
export interface Measurement {
  /** Undefined: nothing happened. */
  readonly zero:
    | {
        /** Metric of the event at time zero. */
        readonly event: string;
        readonly atUnixNs: bigint;
        readonly precisionNs: number;
        /** It is the one that was asked for, not the earliest. */
        readonly anchored: boolean;
      }
    | undefined;
  /** By time; those of the same time in the order of their definitions. */
  readonly timings: readonly Timing[];
  /** In the order of their definitions. */
  readonly missing: readonly Missing[];
  /** When the last terminal event happened; undefined while none has. */
  readonly endUnixNs: bigint | undefined;
  /** Every awaited event has happened. */
  readonly complete: boolean;
}
