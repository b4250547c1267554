import type { Evidence } from './evidence.ts';

/** A source that is asked, or followed, until the signal that it was started with ends. */
export interface Source {
  /** What it knows by now. */
  readonly evidence: () => Evidence;
  /** Resolves when nothing more will come of it. Never rejects. */
  readonly ended: Promise<void>;
}

export interface SourceOptions {
  readonly signal: AbortSignal;
  /** What it knows has changed. */
  readonly onChange: () => void;
}
