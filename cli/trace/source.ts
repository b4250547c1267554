import type { Trace } from './model.ts';
import type { TraceReference } from './reference.ts';

export type FoundTrace =
  | { readonly kind: 'found'; readonly trace: Trace }
  | { readonly kind: 'missing' }
  /** The backend cannot be asked, or answers what cannot be understood. */
  | { readonly kind: 'failed'; readonly problem: string };

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
