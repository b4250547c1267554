import type { Pattern } from './pattern.ts';

/** What is told when a line matches. */
export type Telling =
  | { readonly kind: 'event'; readonly metric: string; readonly tellsLine: boolean }
  | { readonly kind: 'counter'; readonly metric: string }
  /** A unit of systemd's that begins or is done, whatever its name. */
  | { readonly kind: 'unit' }
  /** The machine's zone was changed. */
  | { readonly kind: 'zone' };

export interface Rule {
  readonly telling: Telling;
  readonly pattern: Pattern;
}

/** A log, or logs of one kind, and what is looked for in them. */
export interface TextSource {
  /** As occurrences name it. */
  readonly name: string;
  /** `container`: the runtime wrote each line's head. */
  readonly form: 'system' | 'container';
  readonly rules: readonly Rule[];
}
