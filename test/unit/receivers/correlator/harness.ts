import { createHash } from 'node:crypto';

import {
  createCorrelation,
  type CorrelateOptions,
} from '../../../../receivers/correlator/core/correlate.ts';
import { createCounts, type Counts } from '../../../../receivers/correlator/core/counts.ts';
import type { Component } from '../../../../receivers/correlator/core/evidence.ts';
import type { PodSnapshot } from '../../../../receivers/correlator/core/pod-snapshot.ts';
import { createPods, type PodsOptions } from '../../../../receivers/correlator/core/pods.ts';
import type { TargetRules } from '../../../../receivers/correlator/core/target.ts';
import { createIntake } from '../../../../receivers/correlator/intake.ts';
import { createCopyWriter } from '../../../../receivers/correlator/wire/copy.ts';
import { encodeCopies } from '../../../../receivers/correlator/wire/encode-copies.ts';
import {
  decodeRequest,
  encodeRequest,
  type DecodedSpan,
  type ResourceSpec,
  type SpanSpec,
} from './otlp.ts';

export const rules: TargetRules = {
  annotation: 'tracing.k8s.io/traceparent',
  probed: [{ namespaces: ['kube-latency'], labels: { app: 'probe' } }],
  foreign: [{ namespaces: ['ci'], labels: {} }],
  observed: [{ namespaces: ['shop'], labels: {} }],
};

const defaults: CorrelateOptions = {
  waitMs: 180_000,
  requestWaitMs: 30_000,
  linkWaitMs: 10_000,
  settleMs: 15_000,
  rememberMs: 900_000,
  maxHeldBytes: 32 * 1024 * 1024,
  maxTraceSpans: 5000,
  maxTraces: 20_000,
  maxIds: 10_000,
  afterReadyMs: 10_000,
  giveUpMs: 900_000,
  clockToleranceMs: 500,
  events: false,
  watching: () => true,
  created: () => undefined,
};

const services = new Map<string, Component>([
  ['kubelet', 'kubelet'],
  ['containerd', 'runtime'],
  ['crio', 'runtime'],
  ['apiserver', 'apiserver'],
  ['etcd', 'etcd'],
]);

export interface Harness {
  readonly counts: Counts;
  readonly receive: (...resources: ResourceSpec[]) => void;
  readonly receiveBytes: (bytes: Buffer) => string | undefined;
  readonly spans: (service: string, ...spans: SpanSpec[]) => void;
  readonly see: (pod: PodSnapshot, atMs?: number) => void;
  readonly gone: (pod: PodSnapshot, atMs?: number) => void;
  /** Lets time pass. */
  readonly pass: (ms: number) => void;
  readonly finish: () => void;
  /** The copies that came out since the last call, decoded. */
  readonly copies: () => DecodedSpan[];
}

/** The core with its wire format around it, on a clock that starts at `startMs`. */
export function createHarness(
  options: Partial<CorrelateOptions & PodsOptions> = {},
  startMs = 100_000,
): Harness {
  const counts = createCounts();
  const pods = createPods({
    rules,
    clockToleranceMs: 500,
    retentionMs: 900_000,
    maxGone: 1000,
    ...options,
  });
  const correlation = createCorrelation(pods, { ...defaults, ...options }, counts);
  const intake = createIntake(
    correlation,
    { services, ownService: 'correlator', maxSpanBytes: 262_144 },
    counts,
  );
  const encoding = {
    targetBytes: 100_000,
    writer: createCopyWriter(),
  };
  let now = startMs;
  const receive = (...resources: ResourceSpec[]): void => {
    intake(encodeRequest(resources), now);
  };
  return {
    counts,
    receive,
    receiveBytes: (bytes) => intake(bytes, now),
    spans: (service, ...spans) => receive({ service, spans }),
    see: (pod, atMs) => correlation.pod({ kind: 'seen', pod, atMs: atMs ?? now }),
    gone: (pod, atMs) => correlation.pod({ kind: 'gone', uid: pod.uid, atMs: atMs ?? now }),
    pass: (ms) => {
      now += ms;
      correlation.tick(now);
    },
    finish: correlation.finish,
    copies: () =>
      encodeCopies(correlation.take(), encoding).flatMap(({ bytes }) => decodeRequest(bytes)),
  };
}

/** Ids for tests: any text gives one, always the same. */
export const traceId = (text: string): string =>
  createHash('md5').update(`trace ${text}`).digest('hex');
export const spanId = (text: string): string =>
  createHash('md5').update(`span ${text}`).digest('hex').slice(0, 16);
export const uid = (text: string): string => {
  const hex = createHash('md5').update(`uid ${text}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
};

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The id of a span that is known by its name, worked out as the design says it. */
export const derived = (trace: string, name: string): string =>
  sha(`${trace}:${name}`).slice(0, 16);
export const copyOf = (trace: string, original: string): string =>
  sha(`${trace}:${original}`).slice(0, 16);

export const podTrace = (name: string): string => traceId(`pod ${name}`);

/** A pod of the prober, created at 100 s. */
export function probePod(name: string, changes: Partial<PodSnapshot> = {}): PodSnapshot {
  const trace = podTrace(name);
  return {
    uid: uid(name),
    namespace: 'kube-latency',
    name,
    nodeName: 'n1',
    labels: { app: 'probe' },
    traceparent: `00-${trace}-${derived(trace, 'prober.main')}-01`,
    staticUid: undefined,
    staticSeenMs: undefined,
    createdMs: 100_000,
    deletionMs: undefined,
    status: undefined,
    ...changes,
  };
}

/** A pod without a context, in the namespace that is observed. */
export function shopPod(name: string, changes: Partial<PodSnapshot> = {}): PodSnapshot {
  return probePod(name, { namespace: 'shop', labels: {}, traceparent: undefined, ...changes });
}

/** What is told by the spans of a syncPod and of the runtime below it, without their pod. */
export function syncSpans(trace: string, pod: PodSnapshot, name = 'syncPod'): SpanSpec[] {
  const root = spanId(`${trace} sync`);
  const client = spanId(`${trace} client`);
  return [
    {
      traceId: trace,
      spanId: client,
      parentId: root,
      kind: 3,
      name: 'runtime.v1.RuntimeService/RunPodSandbox',
    },
    {
      traceId: trace,
      spanId: root,
      name,
      attributes: {
        'k8s.pod.uid': pod.uid,
        'k8s.pod': `${pod.namespace}/${pod.name}`,
        'k8s.pod.name': pod.name,
        'k8s.namespace.name': pod.namespace,
      },
    },
  ];
}

/** containerd's side of the same trace. */
export function sandboxSpans(trace: string, pod: PodSnapshot): SpanSpec[] {
  const server = spanId(`${trace} server`);
  return [
    {
      traceId: trace,
      spanId: spanId(`${trace} run`),
      parentId: server,
      name: 'cri.sandbox.run',
      attributes: {
        'sandbox.id': `sandbox-of-${pod.uid}`,
        'sandbox.name': `${pod.name}_${pod.namespace}_${pod.uid}_0`,
      },
    },
    {
      traceId: trace,
      spanId: server,
      parentId: spanId(`${trace} client`),
      kind: 2,
      name: 'runtime.v1.RuntimeService/RunPodSandbox',
    },
  ];
}

/** One request to the API server: its server span, with what other attributes and links it has. */
export function request(
  trace: string,
  method: string,
  path: string,
  changes: Partial<SpanSpec> = {},
): SpanSpec {
  return {
    traceId: trace,
    spanId: spanId(`${trace} server span`),
    kind: 2,
    name: `${method} ${path}`,
    startMs: 100_500,
    endMs: 100_510,
    attributes: { 'http.target': path, 'http.request.method': method },
    ...changes,
  };
}
