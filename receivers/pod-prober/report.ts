import type { KubeUse } from '../shared/kubernetes/client.ts';
import type { TelemetryOutcome } from '../shared/telemetry.ts';
import type { FailOver } from './config.ts';
import type { FailureReason } from './failure.ts';
import { phaseNames, type ClockNote, type Phase, type PhaseName } from './phases.ts';
import { failureOf, type ProbeRecord } from './probe-record.ts';

/** One phase of one probe as it is reported. */
export interface PhaseResult {
  readonly phase: PhaseName;
  readonly outcome: 'ok' | 'failed' | 'contradictory';
  /** Null: it failed, or its clocks contradict each other. */
  readonly seconds: number | null;
  readonly startSource: Phase['source'];
  readonly source: Phase['source'];
  /** The true length is no further than this from `seconds`. */
  readonly uncertaintySeconds: number;
  readonly reason: FailureReason | null;
  readonly clock: readonly ClockNote[];
}

export interface ProbeResult {
  readonly traceId: string;
  readonly sampled: boolean;
  readonly instance: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string | null;
  readonly node: string | null;
  readonly startTime: string;
  readonly outcome: 'ok' | 'failed';
  readonly reason: FailureReason | null;
  readonly message: string | null;
  readonly phases: readonly PhaseResult[];
}

/** Seconds over the successes of a phase. */
export interface PhaseStatistics {
  readonly phase: PhaseName;
  readonly count: number;
  readonly failed: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export interface FailOverResult {
  readonly phase: PhaseName;
  readonly limitSeconds: number;
  /** Null: the phase was never completed. */
  readonly p95: number | null;
  readonly kept: boolean;
}

/** What a run of probes came to. */
export interface ProbeReport {
  readonly namespace: string;
  readonly server: string;
  readonly traceJoin: 'native' | 'links';
  readonly probes: readonly ProbeResult[];
  /** Probes whose results are not in the list any more: it keeps the last 10,000. */
  readonly probesNotListed: number;
  /** Probes asked for; with an interval: in each round. */
  readonly asked: number;
  /** The run was stopped before all probes asked for had run to their end; never with an interval. */
  readonly interrupted: boolean;
  readonly outcomes: { readonly ok: number; readonly failed: number };
  readonly phases: readonly PhaseStatistics[];
  readonly failOver: readonly FailOverResult[];
  readonly swept: number;
  readonly api: KubeUse;
  readonly telemetry: TelemetryOutcome;
  /** 0: all probes asked for were run and succeeded, no limit was passed, and export where required. */
  readonly exitCode: 0 | 1;
}

function phaseResult(phase: Phase): PhaseResult {
  const { seconds, failure } = phase;
  const completed = seconds === null ? 'contradictory' : 'ok';
  return {
    phase: phase.phase,
    outcome: failure === null ? completed : 'failed',
    seconds,
    startSource: phase.startSource,
    source: phase.source,
    uncertaintySeconds: phase.uncertaintySeconds,
    reason: failure?.reason ?? null,
    clock: phase.notes,
  };
}

/** The reported form of a finished probe. */
export function probeResult(record: ProbeRecord, phases: readonly Phase[]): ProbeResult {
  const { identity, facts } = record;
  const failure = failureOf(record);
  return {
    traceId: identity.traceId,
    sampled: identity.sampled,
    instance: identity.instance,
    namespace: identity.namespace,
    pod: identity.podName,
    uid: facts.pod?.uid ?? null,
    node: facts.pod?.node ?? null,
    startTime: new Date(Number(record.startNs / 1_000_000n)).toISOString(),
    outcome: failure === null ? 'ok' : 'failed',
    reason: failure?.reason ?? null,
    message: failure?.message ?? null,
    phases: phases.map(phaseResult),
  };
}

/** The value that a share of the sorted values does not exceed (nearest rank). */
function quantile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** The statistics of every phase that was completed at least once, in the order of the phases. */
export function phaseStatistics(results: readonly ProbeResult[]): PhaseStatistics[] {
  return phaseNames.flatMap((phase) => {
    const all = results.flatMap((result) => result.phases.filter((each) => each.phase === phase));
    const seconds = all.map((each) => each.seconds).filter((each) => each !== null);
    const sorted = seconds.toSorted((a, b) => a - b);
    if (sorted.length === 0) return [];
    return {
      phase,
      count: sorted.length,
      failed: all.length - sorted.length,
      min: sorted[0] ?? Number.NaN,
      median: median(sorted),
      p95: quantile(sorted, 0.95),
      max: sorted.at(-1) ?? Number.NaN,
    };
  });
}

/** Judges the limits. A phase that was never completed has not kept its limit. */
export function judge(
  limits: readonly FailOver[],
  statistics: readonly PhaseStatistics[],
): FailOverResult[] {
  return limits.map(({ phase, limitMs }) => {
    const p95 = statistics.find((each) => each.phase === phase)?.p95 ?? null;
    const limitSeconds = limitMs / 1000;
    return { phase, limitSeconds, p95, kept: p95 !== null && p95 <= limitSeconds };
  });
}

/** Collects results as they come, bounded, for a report at the end. */
export interface ResultLog {
  readonly add: (result: ProbeResult) => void;
  readonly results: () => readonly ProbeResult[];
  readonly outcomes: () => { readonly ok: number; readonly failed: number };
  readonly notListed: () => number;
}

/** Results that are kept, also the most probes that --count may ask for. */
export const maxListed = 10_000;

export function createResultLog(): ResultLog {
  const results: ProbeResult[] = [];
  const outcomes = { ok: 0, failed: 0 };
  let notListed = 0;
  return {
    add: (result) => {
      outcomes[result.outcome]++;
      results.push(result);
      if (results.length > maxListed) {
        results.shift();
        notListed++;
      }
    },
    results: () => results,
    outcomes: () => ({ ...outcomes }),
    notListed: () => notListed,
  };
}
