/** These open pages in a browser; they need a cluster for a part only, which they skip without one. */
export const pages = [
  'trace-page',
  'trace-page-looks',
  'trace-page-limits',
  'rtt-page',
  'boot-page',
  'report-page',
] as const;

/** These have API servers of their own and wait most of the time: a process of its own runs them beside all others. */
export const beside = [
  'network-prober-definition',
  'network-prober-controller',
  'network-prober-operator',
  'operator-injection',
  'operator-failures',
  'operator-admission',
  'operator-sidecar',
] as const;

/** These need programs that a cluster is made of, and others that are built from Go modules, but no cluster. */
export const ofPrograms = [
  'package',
  'kind-config',
  'compose',
  'manifests',
  'chart',
  'collector-config',
  'collector-queues',
  'span-metrics',
  'rtt-dashboard',
  'collector-features',
  'collector-sampling',
  'collector-destinations',
  'collector-extra',
  'loki',
  'jaeger-monitor',
  'service-map',
  ...beside,
] as const;

/** Every suite that runs on a cluster which is there, in order. */
export const onTheCluster: readonly string[] = [
  'boot-timeline',
  ...ofPrograms,
  'validation',
  'collector-presets',
  'kubectl',
  'pipeline',
  'gateway-replicas',
  'doctor',
  'one-trace',
  'many-probes',
  'probe-job',
  'package-probe',
  'docs-commands',
  ...pages,
  'correlation',
  'correlator-faults',
  'explain',
  'rtt',
  'network-prober',
  'bad-days',
  'chaos',
  'soak',
];

/** `undeploy` takes the pipeline away, `chart-install` brings it as a chart and takes it away, `down` removes the cluster, `refusals` needs a machine without one. */
export const fromNothing: readonly string[] = [
  'start',
  ...onTheCluster,
  'undeploy',
  'chart-install',
  'down',
  'refusals',
];

/** Those of test/e2e/kind.ts alone. */
export const onKindAlone = ['kind-cluster', 'kind-down'] as const;

/** What runs where no cluster can be made, and what then does not. */
export function withoutCluster(programsAreHere: boolean): {
  readonly run: readonly string[];
  readonly skipped: readonly string[];
} {
  const run: readonly string[] = programsAreHere ? [...ofPrograms, ...pages] : pages;
  return { run, skipped: fromNothing.filter((name) => !run.includes(name)) };
}
