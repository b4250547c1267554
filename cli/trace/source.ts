import type { Trace } from './model.ts';
import type { TraceReference } from './reference.ts';

export type FoundTrace =
  | { readonly kind: 'found'; readonly trace: Trace }
  | { readonly kind: 'missing' }
  /** The backend cannot be asked, or answers what cannot be understood. */
  | { readonly kind: 'failed'; readonly problem: string };

/** How long parts of a probe took that succeeded. */
export interface ProbeTimes {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Nanoseconds by the span's name; spans that failed are missing. */
  readonly spans: ReadonlyMap<string, bigint>;
}

export type FoundProbes =
  | { readonly kind: 'found'; readonly probes: readonly ProbeTimes[] }
  | { readonly kind: 'failed'; readonly problem: string };

/** Most probes that are read at once, the newest. */
export const maxProbes = 1000;

export type FoundBoots =
  | { readonly kind: 'found'; readonly traces: readonly Trace[] }
  | { readonly kind: 'failed'; readonly problem: string };

/** Most boots that are read at once, the newest. */
export const maxBoots = 50;

/** A backend that knows of the boots of nodes. */
export interface BootSource {
  /** The traces of boots that log tailers told: no more than maxBoots. Rejects only with the signal's reason. */
  boots(signal: AbortSignal): Promise<FoundBoots>;
}

/** A backend that traces are read back from. */
export interface TraceSource {
  /** Where it is, for messages. */
  readonly address: string;
  /**
   * The newest trace that the reference fits: for a pod, one that our prober began where there is one, else any
   * trace about it. Rejects only with the signal's reason.
   */
  find(reference: TraceReference, signal: AbortSignal): Promise<FoundTrace>;
  /** Address of the page on which a person sees the trace. */
  pageUrl(traceId: string): string;
}

export type NewestSpan =
  /** Nanoseconds since the Unix epoch of the newest span of it, or of the trace that holds it; null: there is none. */
  | { readonly kind: 'found'; readonly startNs: bigint | null }
  | { readonly kind: 'failed'; readonly problem: string };

/** Spans of a service between two times, in nanoseconds since the Unix epoch; of one node where that is not null. */
export interface SenderQuestion {
  readonly service: string;
  readonly node: string | null;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** A backend that knows who sent spans. */
export interface SenderSource {
  /** Rejects only with the signal's reason. */
  newestSpan(asked: SenderQuestion, signal: AbortSignal): Promise<NewestSpan>;
}

/** A backend that knows of other probes. */
export interface ProbeSource {
  /**
   * The probes that began between two times, in nanoseconds since the Unix epoch, with how long the named spans took:
   * no more than maxProbes. Rejects only with the signal's reason.
   */
  probes(
    between: { readonly fromNs: bigint; readonly toNs: bigint; readonly names: readonly string[] },
    signal: AbortSignal,
  ): Promise<FoundProbes>;
}
