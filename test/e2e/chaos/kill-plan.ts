import fc from 'fast-check';

const longestPauseMs = 3000;

/** What is killed, and how long nothing is done before. */
export interface Kill {
  readonly victim: 'agent' | 'correlator' | 'gateway' | 'pod-prober';
  /** Chooses among several: taken modulo their number. */
  readonly which: number;
  readonly pauseMs: number;
}

const kill = fc.noBias(
  fc.record({
    victim: fc.constantFrom('agent', 'correlator', 'gateway', 'pod-prober'),
    which: fc.nat(1000),
    pauseMs: fc.nat(longestPauseMs),
  }),
);

/** So many kills; the same ones for the same seed. */
export function killPlan(seed: number, count: number): Kill[] {
  return fc.sample(kill, { seed, numRuns: count });
}
