/** A Lease of coordination.k8s.io as far as an election needs it. */
export interface LeaseRecord {
  /** Empty: nobody. */
  readonly holder: string;
  readonly durationMs: number;
  /** Differs whenever it was written. */
  readonly version: string;
  readonly transitions: number;
}

export type ElectionStep =
  /** There is no lease: make it, as its holder. */
  | { readonly kind: 'create' }
  /** Nobody holds it any more: take it. */
  | { readonly kind: 'take'; readonly record: LeaseRecord }
  | { readonly kind: 'renew'; readonly record: LeaseRecord }
  | { readonly kind: 'wait' };

export interface Election {
  /** What to do about the lease as it was just read; undefined: there is none. */
  readonly step: (record: LeaseRecord | undefined, nowMs: number) => ElectionStep;
}

/**
 * Who leads is whose lease is renewed. Clocks of two machines are never compared: a lease is over when it has not changed for its own
 * duration, by the monotonic clock of whoever watches it.
 */
export function createElection(identity: string): Election {
  let seen: { readonly version: string; readonly atMs: number } | undefined;
  return {
    step: (record, nowMs) => {
      if (record === undefined) return { kind: 'create' };
      if (seen?.version !== record.version) seen = { version: record.version, atMs: nowMs };
      if (record.holder === identity) return { kind: 'renew', record };
      const isOver = record.holder === '' || nowMs - seen.atMs >= record.durationMs;
      return isOver ? { kind: 'take', record } : { kind: 'wait' };
    },
  };
}
