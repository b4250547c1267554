import {
  context,
  createTraceState,
  SpanKind,
  trace,
  TraceFlags,
  type Span,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const polling = 'runtime.v1.RuntimeService/ListContainers';

/** The spans that sendSpans sends and that say something about a pod. */
export const podSpans = [
  'authentication',
  polling,
  'runtime.v1.RuntimeService/RunPodSandbox',
  'syncPod',
] as const;

/** How many spans sendSpans sends in all: those, and three of polling. */
export const sentSpans = podSpans.length + 3;

/** Sends what a node's components send around one pod; RunPodSandbox from a sender that names its node. */
export async function sendSpans(url: string): Promise<void> {
  const kubelet = sender(url, 'kubelet');
  const apiServer = sender(url, 'apiserver');
  const runtime = sender(url, 'containerd');
  const elsewhere = sender(url, 'containerd', { 'k8s.node.name': 'node-of-the-sender' });

  record(apiServer, 'authentication', SpanKind.INTERNAL);
  const poll = record(kubelet, polling, SpanKind.CLIENT);
  record(runtime, polling, SpanKind.SERVER, poll);

  const syncPod = record(kubelet, 'syncPod', SpanKind.INTERNAL);
  record(kubelet, polling, SpanKind.CLIENT, syncPod);
  record(apiServer, 'authentication', SpanKind.INTERNAL, syncPod);
  record(elsewhere, 'runtime.v1.RuntimeService/RunPodSandbox', SpanKind.SERVER, syncPod);

  await Promise.all([kubelet, apiServer, runtime, elsewhere].map((each) => each.shutdown()));
}

/** Names of what sendJoined sends and a gateway of joined traces keeps. */
export const joinedSpans = ['prober.main', 'POST', 'copy'] as const;

/** Sends what a joined trace is made of, and an original. */
export async function sendJoined(url: string): Promise<void> {
  const prober = sender(url, 'pod-prober');
  const apiServer = sender(url, 'apiserver');

  record(prober, 'prober.main', SpanKind.INTERNAL);
  const caller = trace.setSpanContext(context.active(), {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
    traceState: createTraceState('kube-latency=probe'),
  });
  const tracer = apiServer.getTracer('test');
  tracer.startSpan('POST', { kind: SpanKind.SERVER }, caller).end();
  tracer.startSpan('copy', { attributes: { 'kube_latency.stitched': true } }).end();
  tracer.startSpan('original', { kind: SpanKind.SERVER }).end();

  await Promise.all([prober, apiServer].map((each) => each.shutdown()));
}

function record(provider: TracerProvider, name: string, kind: SpanKind, parent?: Span): Span {
  const where = parent === undefined ? context.active() : trace.setSpan(context.active(), parent);
  const span = provider.getTracer('test').startSpan(name, { kind }, where);
  span.end();
  return span;
}

function sender(
  url: string,
  service: string,
  attributes: Readonly<Record<string, string>> = {},
): TracerProvider {
  return new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, ...attributes }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  });
}
