import { z } from 'zod';

import { durationMs as duration } from '../shared/duration-schema.ts';
import { parseSize } from './size.ts';

function size(leastBytes: number, mostBytes: number) {
  return z.string().transform((text, context) => {
    const parsed = parseSize(text);
    const problem =
      parsed.kind === 'invalid'
        ? parsed.problem
        : parsed.bytes < leastBytes || parsed.bytes > mostBytes
          ? `expected a size from ${leastBytes} B to ${mostBytes} B, got '${text}'`
          : undefined;
    if (problem !== undefined) context.addIssue(problem);
    return parsed.kind === 'ok' ? parsed.bytes : z.NEVER;
  });
}

const KiB = 1024;
const MiB = 1024 * KiB;
const minute = 60_000;
const hour = 60 * minute;

const endpoint = z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'expected host:port');
const count = (least: number, most: number) => z.int().min(least).max(most);

const selector = z.strictObject({
  namespaces: z
    .array(z.string().min(1))
    .default([])
    .describe('Namespaces to choose pods in; none named: all.'),
  labels: z
    .record(z.string(), z.string())
    .default({})
    .describe('Labels, every one of which a pod must carry.'),
});

const services = z.array(z.string().min(1));

const components = z.strictObject({
  kubelet: services.default(['kubelet']),
  runtime: services.default(['containerd', 'crio']),
  apiserver: services.default(['apiserver']),
  etcd: services.default(['etcd']),
});

const limits = z.strictObject({
  request: size(64 * KiB, 64 * MiB)
    .prefault('8MiB')
    .describe('Longest request taken, unpacked. Default 8MiB.'),
  span: size(4 * KiB, 1 * MiB)
    .prefault('256KiB')
    .describe('Longest span taken, and longest resource and scope around it. Default 256KiB.'),
  held: size(1 * MiB, 1024 * MiB)
    .prefault('8MiB')
    .describe('Most bytes of spans that wait for their pod to be known. Default 8MiB.'),
  queue: size(1 * MiB, 1024 * MiB)
    .prefault('8MiB')
    .describe(
      'Most bytes of copies that wait to be sent; no less than held, all of which may come out at once. Default 8MiB.',
    ),
  traceSpans: count(10, 1_000_000)
    .default(5000)
    .describe('Most spans of one trace that wait. Default 5000.'),
  traces: count(100, 1_000_000)
    .default(10_000)
    .describe('Most traces remembered as a pod’s, and as many as nobody’s. Default 10000.'),
  ids: count(100, 1_000_000)
    .default(10_000)
    .describe('Most container and sandbox ids remembered. Default 10000.'),
  pods: count(10, 1_000_000)
    .default(10_000)
    .describe('Most pods remembered that are gone, or followed at a time. Default 10000.'),
});

const times = z.strictObject({
  wait: duration(1000, 24 * hour)
    .prefault('10m')
    .describe('Spans wait this long for their pod to be known. Default 10m.'),
  requestWait: duration(1000, 24 * hour)
    .prefault('30s')
    .describe('Requests to the API server wait this long for their pod to be known. Default 30s.'),
  linkWait: duration(1000, 24 * hour)
    .prefault('10s')
    .describe('Requests that only a link can tie to a pod wait this long. Default 10s.'),
  settle: duration(1000, hour)
    .prefault('15s')
    .describe(
      'A trace that may touch several pods counts as whole after this time without a span: more than two of the components’ export intervals. Default 15s.',
    ),
  remember: duration(1000, 24 * hour)
    .prefault('15m')
    .describe(
      'Traces whose pod is known, and pods that are gone, are remembered this long. Default 15m.',
    ),
  afterReady: duration(0, hour)
    .prefault('10s')
    .describe(
      'Stitching of pods that are not the prober’s pauses this long after Ready, until their end. Default 10s.',
    ),
  giveUp: duration(1000, 24 * hour)
    .prefault('15m')
    .describe(
      'An observed pod’s start-up that takes longer is told as it is by then. Default 15m.',
    ),
  afterBoot: duration(0, hour)
    .prefault('0s')
    .describe(
      'Start-ups of observed pods that were bound to this node within this time after it came up link to the trace of its boot, as its log tailer tells it; needs the right to get nodes. Default 0s: none.',
    ),
  clockTolerance: duration(0, minute)
    .prefault('500ms')
    .describe(
      'By how much the clocks of this node and of the API server may differ. Default 500ms.',
    ),
  batch: duration(0, 10_000)
    .prefault('50ms')
    .describe('Copies are collected this long before they are sent. Default 50ms.'),
  retry: duration(0, hour)
    .prefault('1m')
    .describe('A batch that cannot be delivered is given up after this time. Default 1m.'),
  shutdown: duration(100, 10 * minute)
    .prefault('10s')
    .describe('Longest time that stopping takes. Default 10s.'),
});

/** The configuration as a user writes it, with its defaults. */
export const configSchema = z.strictObject({
  role: z
    .array(z.enum(['node', 'control-plane']))
    .min(1)
    .default(['node'])
    .describe(
      'node: spans of the kubelet and the runtime of this node, watch of its pods. control-plane: spans of API server and etcd, watch of all pods chosen below. A control-plane node has both. Default [node].',
    ),
  nodeName: z
    .string()
    .min(1)
    .optional()
    .describe('This node’s name in Kubernetes (K8S_NODE_NAME). The role node needs it.'),
  listen: endpoint
    .default('127.0.0.1:4327')
    .describe('OTLP/gRPC without TLS, for the agent’s branch. Default 127.0.0.1:4327.'),
  send: endpoint
    .default('127.0.0.1:4337')
    .describe('OTLP/gRPC receiver that takes the stitched copies. Default 127.0.0.1:4337.'),
  health: endpoint
    .default('127.0.0.1:4328')
    .describe('HTTP with /healthz and /readyz. Default 127.0.0.1:4328.'),
  metrics: z
    .string()
    .regex(/^https?:\/\//, 'expected http://host:port or https://host:port')
    .optional()
    .describe(
      'OTLP/gRPC endpoint for the program’s own metrics; default: the OTEL_EXPORTER_OTLP_* variables, else none.',
    ),
  annotation: z
    .string()
    .min(1)
    .default('tracing.k8s.io/traceparent')
    .describe('Pod annotation with the trace context. Default tracing.k8s.io/traceparent.'),
  probed: z
    .array(selector)
    .prefault([{ namespaces: ['kube-latency'], labels: { app: 'probe' } }])
    .describe('Pods of the prober. Default: namespace kube-latency, label app=probe.'),
  foreign: z
    .array(selector)
    .default([])
    .describe('Pods whose annotation may name any span of any trace. Default: none.'),
  observed: z
    .array(selector)
    .default([])
    .describe('Pods that get a start-up trace of their own. Default: none.'),
  components: components.prefault({}).describe('service.name of each kind of component.'),
  events: z
    .boolean()
    .default(false)
    .describe('Take the requests that write Events about a pod into its trace. Default false.'),
  times: times.prefault({}),
  limits: limits.prefault({}),
});

/** The configuration as the program uses it: durations in milliseconds, sizes in bytes. */
export type Config = z.output<typeof configSchema>;
