export interface PacketTarget {
  readonly address: string;
  readonly port: number;
}

/** What came of one attempt to get an answer from a pod. */
export type PacketAnswer =
  | {
      readonly kind: 'answered';
      readonly answer: string;
      /** When, in nanoseconds since the Unix epoch, where something more exact than the event loop tells. */
      readonly atNs?: bigint;
    }
  | { readonly kind: 'silent'; readonly why: string }
  /** Attempting again cannot help: what sends is not there. */
  | { readonly kind: 'impossible'; readonly why: string };

/** Sends once and waits for an answer until the signal ends. Never rejects. */
export type PacketAttempt = (target: PacketTarget, signal: AbortSignal) => Promise<PacketAnswer>;
