import type { ProbeTimes } from '../trace/source.ts';
import type { Explanation } from './explanation.ts';
import { phases, phaseSpanNames, type Phase } from './boundaries.ts';

/** A phase beside the same phase of other probes. */
export interface PhaseComparison {
  /** `all`: the sum of the phases, of a pod that became Ready. */
  readonly phase: Phase | 'all';
  readonly ns: bigint;
  /** Median of the others. */
  readonly medianNs: bigint;
  /** How many of the others completed the phase. */
  readonly others: number;
  /** How many times as long as the median; null where that is zero. */
  readonly times: number | null;
}

export type Comparison =
  | {
      readonly kind: 'compared';
      /** Other probes that succeeded. */
      readonly probes: number;
      readonly phases: readonly PhaseComparison[];
    }
  /** There were no others. */
  | { readonly kind: 'none' }
  /** The backend did not tell. */
  | { readonly kind: 'unknown'; readonly problem: string };

/** Holds the phases that a start completed against those of other probes. */
export function compare(
  { traceId, phases: own, failure }: Pick<Explanation, 'traceId' | 'phases' | 'failure'>,
  probes: readonly ProbeTimes[],
): Comparison {
  const others = probes.filter((probe) => probe.traceId !== traceId);
  if (others.length === 0) return { kind: 'none' };
  const completed = phases.filter((phase) => own[phase] !== undefined);
  const single = completed.map((phase) => comparePhases(phase, [phase], own, others));
  const all =
    completed.length > 1 && failure === null ? [comparePhases('all', completed, own, others)] : [];
  const rows = [...single, ...all].filter((row) => row !== undefined);
  return { kind: 'compared', probes: others.length, phases: rows };
}

function comparePhases(
  phase: Phase | 'all',
  summed: readonly Phase[],
  own: Explanation['phases'],
  others: readonly ProbeTimes[],
): PhaseComparison | undefined {
  const ns = summed.reduce((sum, each) => sum + (own[each] ?? 0n), 0n);
  const times = others
    .map(({ spans }) => sumOf(summed.map((each) => spans.get(phaseSpanNames[each]))))
    .filter((each) => each !== undefined)
    .toSorted((a, b) => Number(a - b));
  const medianNs = times[Math.ceil(times.length / 2) - 1];
  if (medianNs === undefined) return undefined;
  const factor = medianNs === 0n ? null : Number(ns) / Number(medianNs);
  return { phase, ns, medianNs, others: times.length, times: factor };
}

/** Undefined unless every part is there. */
function sumOf(parts: readonly (bigint | undefined)[]): bigint | undefined {
  let sum = 0n;
  for (const part of parts) {
    if (part === undefined) return undefined;
    sum += part;
  }
  return sum;
}
