import type { SourceReport } from '../core/source-report.ts';

/** One of the node's logs, as it is followed. */
export interface FollowedPart {
  readonly report: () => SourceReport;
  /** Why nothing more is read; undefined: it is. */
  readonly problem: () => string | undefined;
  /** Never rejects. */
  readonly ended: Promise<void>;
  /** Saves how far it was read, after the end too. Never rejects. */
  readonly save: () => Promise<void>;
}
