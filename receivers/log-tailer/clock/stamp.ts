/** What a line says of when it was written, before the clock makes a moment of it. */
export type Stamp =
  | { readonly kind: 'instant'; readonly unixNs: bigint; readonly precisionNs: number }
  | LocalStamp
  | SinceBootStamp;

/** By the clock on the wall of the machine's zone. */
export interface LocalStamp {
  readonly kind: 'local';
  /** Undefined where the line does not tell. */
  readonly year: number | undefined;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly nsOfDay: number;
  readonly precisionNs: number;
}

/** By a clock that the kernel starts and nobody sets. */
export interface SinceBootStamp {
  readonly kind: 'since-boot';
  readonly monotonicUs: number;
  readonly precisionNs: number;
}

export const secondNs = 1_000_000_000;
export const microsecondNs = 1000;

/** What a reader of stamps gives: where it ends, the blank after it included. */
export interface ReadStamp<T extends Stamp = Stamp> {
  readonly stamp: T;
  readonly end: number;
}
