import type { MatrixReport } from '../../receivers/shared/mesh/matrix-report.ts';
import type { Finding } from '../doctor/finding.ts';

/** A part of the report, or one line that says why it is not there. */
export type Part<T> =
  { readonly kind: 'read'; readonly value: T } | { readonly kind: 'missing'; readonly why: string };

/** One phase of the probes that completed it, in seconds. */
export interface PhaseTimes {
  readonly phase: string;
  /** Ascending. */
  readonly seconds: readonly number[];
  readonly medianS: number;
  readonly p95S: number;
}

/** A probe that was among the slowest. */
export interface SlowProbe {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Page of the backend that shows the trace. */
  readonly url: string;
  readonly seconds: number;
  /** Where the time went, in a sentence; null: its trace could not be explained. */
  readonly verdict: string | null;
}

export interface ProbesPart {
  /** Probes that succeeded. */
  readonly probes: number;
  readonly sinceMs: number;
  /** Where they were read. */
  readonly backend: string;
  readonly phases: readonly PhaseTimes[];
  readonly slowest: readonly SlowProbe[];
}

/** How long one node took from its first sign of life to its first pod that was ready. */
export interface NodeBoot {
  readonly node: string;
  /** In the order in which they began; seconds since the node's first sign of life. */
  readonly steps: readonly {
    readonly name: string;
    readonly fromS: number;
    readonly seconds: number;
  }[];
}

export interface Alert {
  readonly name: string;
  readonly state: 'firing' | 'pending';
  /** The annotation `summary`, or what stands for one. */
  readonly summary: string;
  /** RFC 3339. */
  readonly activeAt: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface DoctorPart {
  readonly server: string;
  /** Null: not seen. */
  readonly version: string | null;
  readonly findings: readonly Finding[];
}

/** What the page of a cluster is made from. */
export interface ClusterReport {
  readonly atMs: number;
  readonly probes: Part<ProbesPart>;
  readonly mesh: Part<MatrixReport>;
  readonly boots: Part<readonly NodeBoot[]>;
  readonly alerts: Part<readonly Alert[]>;
  readonly doctor: Part<DoctorPart>;
}
