import {
  seen,
  senderKey,
  type Arrivals,
  type Facts,
  type NodeFacts,
  type Seen,
} from '../../../../cli/doctor/facts.ts';
import type { Finding } from '../../../../cli/doctor/finding.ts';

const controlPlane = 'control-plane';
const tracing = { endpoint: '127.0.0.1:4317', samplingRatePerMillion: 1_000_000 };
export const nowMs = Date.parse('2026-11-21T16:00:00Z');
const aDay = 24 * 3_600_000;

export function nodeFacts(changes: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name: 'worker',
    kubeletVersion: 'v1.37.0',
    runtimeVersion: 'containerd://2.4.2',
    kubelet: seen({ tracing, featureGates: {} }),
    runtimeEnvironment: seen({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    }),
    ...changes,
  };
}

/** Spans of a second ago from everybody but those with another age. */
export function arrivals(ages: Readonly<Record<string, number | null>> = {}): Seen<Arrivals> {
  const senders = [
    { service: 'apiserver', node: null },
    { service: 'etcd', node: null },
    { service: 'apiserver', node: controlPlane },
    { service: 'etcd', node: controlPlane },
    { service: 'kubelet', node: 'worker' },
    { service: 'containerd', node: 'worker' },
    { service: 'crio', node: 'worker' },
  ];
  const all = Object.fromEntries(senders.map((sender) => [senderKey(sender), 1]));
  return seen({
    address: 'http://127.0.0.1:8000/',
    withinSeconds: 1800,
    ages: new Map(Object.entries({ ...all, ...ages }).map(([key, age]) => [key, seen(age)])),
  });
}

/** A cluster in which all is well, but for what a test changes. */
export function facts(changes: Partial<Facts> = {}): Facts {
  return {
    server: 'https://10.0.0.1:6443',
    nowMs,
    install: 'kubeadm',
    version: seen('v1.37.0'),
    apiServers: seen([
      {
        node: controlPlane,
        version: 'v1.37.0',
        flags: new Map([['tracing-config-file', '/etc/tracing.yaml']]),
        tracing: seen(tracing),
      },
    ]),
    flagz: seen(new Map([['tracing-config-file', '/etc/tracing.yaml']])),
    etcds: seen([
      {
        node: controlPlane,
        version: '3.7.3',
        flags: new Map([
          ['enable-distributed-tracing', 'true'],
          ['distributed-tracing-address', '127.0.0.1:4317'],
          ['distributed-tracing-sampling-rate', '0'],
        ]),
      },
    ]),
    nodes: seen([nodeFacts()]),
    arrivals: arrivals(),
    prober: {
      origin: 'kubeconfig prober',
      namespace: 'probes',
      certificate: {
        commonName: 'prober',
        organisations: ['system:monitoring'],
        notAfterMs: nowMs + 300 * aDay,
      },
      user: seen({ name: 'prober', groups: ['system:monitoring', 'system:authenticated'] }),
      rights: [{ verb: 'create', resource: 'pods', namespace: 'probes', allowed: seen(true) }],
    },
    correlator: seen({
      user: 'correlator',
      rights: [{ verb: 'list', resource: 'pods', namespace: null, allowed: seen(true) }],
    }),
    clocks: {
      apiServer: { loNs: -100_000_000n, hiNs: 200_000_000n },
      nodes: new Map([['worker', seen({ loNs: -200_000_000n, hiNs: 100_000_000n })]]),
    },
    collectors: seen(
      [
        { name: 'agent', node: 'worker' },
        { name: 'gateway', node: null },
      ].map((part) => ({
        ...part,
        healthy: true,
        state: 'healthy',
        advice: 'see its log',
        version: '0.159.0',
        counters: seen({ refusedSpans: 0, failedSpans: new Map(), queueShare: 0 }),
      })),
    ),
    images: seen(new Map([['localhost/kube-latency/otelcol', new Set(['0.1.0'])]])),
    ...changes,
  };
}

/** The finding of a check; fails where there is not exactly one. */
export function findingOf(findings: readonly Finding[], check: string): Finding {
  const [only, ...others] = findings.filter((each) => each.check === check);
  if (only === undefined || others.length > 0) {
    const checks = findings.map((each) => each.check);
    throw new Error(`expected one finding of '${check}' among [${checks.join(', ')}]`);
  }
  return only;
}

export function levelsOf(findings: readonly Finding[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ check, level }) => [check, level]));
}
