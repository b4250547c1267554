import type { Family } from '../../shared/metrics/families.ts';

/** How a protocol's probes are made here. */
export interface MethodInUse {
  readonly protocol: string;
  readonly method: string;
  readonly stamps: string;
}

/** What the pinger tells of itself. */
export interface SelfState {
  readonly methods: readonly MethodInUse[];
  readonly targets: number;
  readonly steady: number;
  readonly leftOut: number;
  readonly underWay: number;
  readonly lateTurns: number;
  readonly configErrors: number;
  readonly responses: number;
  readonly outliers: number;
  readonly outliersSuppressed: number;
}

interface SelfMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'counter' | 'gauge';
  readonly description: string;
  readonly read: (state: SelfState) => number;
}

/** Every metric of the pinger itself but `methodMetric`; the README's table says the same. */
export const selfMetrics: readonly SelfMetric[] = [
  {
    name: 'kube_latency.rtt.targets',
    unit: '{target}',
    kind: 'gauge',
    description: 'Peers times protocols that are probed, in every interval or by the plan',
    read: ({ targets }) => targets,
  },
  {
    name: 'kube_latency.rtt.targets.steady',
    unit: '{target}',
    kind: 'gauge',
    description: 'Of these, probed in every interval, by the plan in every round',
    read: ({ steady }) => steady,
  },
  {
    name: 'kube_latency.rtt.targets.left_out',
    unit: '{target}',
    kind: 'gauge',
    description: 'Peers times protocols that are not probed: another source names the same one',
    read: ({ leftOut }) => leftOut,
  },
  {
    name: 'kube_latency.rtt.probes.under_way',
    unit: '{probe}',
    kind: 'gauge',
    description: 'Probes that were sent and are neither answered nor given up',
    read: ({ underWay }) => underWay,
  },
  {
    name: 'kube_latency.rtt.turns.late',
    unit: '{turn}',
    kind: 'counter',
    description: 'Turns of the event loop that came later than asked',
    read: ({ lateTurns }) => lateTurns,
  },
  {
    name: 'kube_latency.rtt.config.errors',
    unit: '{error}',
    kind: 'counter',
    description: 'Changes of the peers’ file that were wrong and not taken',
    read: ({ configErrors }) => configErrors,
  },
  {
    name: 'kube_latency.rtt.responses',
    unit: '{probe}',
    kind: 'counter',
    description: 'UDP probes of others that were answered',
    read: ({ responses }) => responses,
  },
  {
    name: 'kube_latency.rtt.outliers',
    unit: '{probe}',
    kind: 'counter',
    description:
      'Probes unlike those before them: the first that failed after a success, or over 8 times the median and over 1 ms',
    read: ({ outliers }) => outliers,
  },
  {
    name: 'kube_latency.rtt.outliers.suppressed',
    unit: '{probe}',
    kind: 'counter',
    description: 'Outliers without a span: there were more than 10 at once, or than 1 a second',
    read: ({ outliersSuppressed }) => outliersSuppressed,
  },
];

export const methodMetric = {
  name: 'kube_latency.rtt.method',
  unit: '1',
  kind: 'gauge',
  description: '1 for how each protocol is probed here: tcp-instead where ICMP is not permitted',
} as const;

export function selfFamilies(state: SelfState): readonly Family[] {
  return [
    {
      ...methodMetric,
      points: state.methods.map(({ protocol, method, stamps }) => ({
        labels: { protocol, method, stamps },
        value: 1,
      })),
    },
    ...selfMetrics.map(({ read, ...metric }) => ({
      ...metric,
      points: [{ labels: {}, value: read(state) }],
    })),
  ];
}
