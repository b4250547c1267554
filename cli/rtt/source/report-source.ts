import type { MatrixReport } from '../../../receivers/shared/mesh/matrix-report.ts';

export type ReadReport =
  | {
      readonly kind: 'read';
      readonly report: MatrixReport;
      /** As it came, with what a newer aggregator may have added. */
      readonly raw: unknown;
    }
  /** The problem is one line that says what was asked of whom. */
  | { readonly kind: 'failed'; readonly problem: string };

/** Where a mesh's report comes from. */
export interface ReportSource {
  /** Rejects only with the signal's reason. */
  readonly read: (signal: AbortSignal) => Promise<ReadReport>;
  readonly close: () => void;
}
