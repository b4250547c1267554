import type { BootRecord } from '../../../receivers/log-tailer/boot/boot-record.ts';

export type ReadBoots =
  | {
      readonly kind: 'read';
      /** The oldest first; never empty. */
      readonly boots: readonly BootRecord[];
      /** What whoever asked should know, a line each. */
      readonly notes: readonly string[];
    }
  /** The problem is one line that says what was asked of whom. */
  | { readonly kind: 'failed'; readonly problem: string };

/** Where boots are told. Rejects only with the signal's reason. */
export type ReadBootSource = (signal: AbortSignal) => Promise<ReadBoots>;
