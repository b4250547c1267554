import { phases, phaseSpanNames } from '../explain/boundaries.ts';
import type { ProbeTimes } from '../trace/source.ts';
import type { PhaseTimes } from './cluster-report.ts';

const nsPerSecond = 1e9;
const p95 = 0.95;

/** The phases of a start over several probes, and `all`, the sum of those that completed every one. */
export function phaseTimes(probes: readonly ProbeTimes[]): PhaseTimes[] {
  const single = phases.map((phase) =>
    timesOf(
      phase,
      probes.flatMap(({ spans }) => {
        const ns = spans.get(phaseSpanNames[phase]);
        return ns === undefined ? [] : [ns];
      }),
    ),
  );
  const whole = probes.flatMap((probe) => totalNs(probe) ?? []);
  return [...single, timesOf('all', whole)].filter(({ seconds }) => seconds.length > 0);
}

/** The sum of all phases; undefined where one is missing. */
export function totalNs({ spans }: ProbeTimes): bigint | undefined {
  let sum = 0n;
  for (const phase of phases) {
    const ns = spans.get(phaseSpanNames[phase]);
    if (ns === undefined) return undefined;
    sum += ns;
  }
  return sum;
}

function timesOf(phase: string, ns: readonly bigint[]): PhaseTimes {
  const seconds = ns.map((each) => Number(each) / nsPerSecond).toSorted((a, b) => a - b);
  return {
    phase,
    seconds,
    medianS: quantile(seconds, 0.5),
    p95S: quantile(seconds, p95),
  };
}

/** The least value that so large a share of them does not exceed; 0 for none. */
function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? 0;
}
