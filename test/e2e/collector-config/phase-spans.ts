import { SpanStatusCode, type Attributes } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** A span to send, as a prober's or a correlator's or another's. */
export interface Told {
  readonly service: string;
  readonly name: string;
  readonly seconds: number;
  readonly attributes?: Attributes;
  readonly failed?: boolean;
}

/** A phase of a probe. */
export function phase(name: string, of: string, seconds: number, more: Partial<Told> = {}): Told {
  const attributes = { 'kube_latency.phase': of, ...more.attributes };
  return { service: 'pod-prober', name, seconds, ...more, attributes };
}

/** Sends spans, each as one that a run of its own recorded; gives their trace ids in the order of the spans. */
export async function tell(url: string, spans: readonly Told[]): Promise<string[]> {
  return Promise.all(
    spans.map(async ({ service, name, seconds, attributes = {}, failed = false }) => {
      const provider = new TracerProvider({
        resource: resourceFromAttributes({
          'service.name': service,
          'service.instance.id': crypto.randomUUID(),
          'k8s.pod.uid': crypto.randomUUID(),
        }),
        spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
      });
      const endMs = Date.now();
      const startTime = endMs - seconds * 1000;
      const span = provider.getTracer('test').startSpan(name, { startTime, attributes });
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(endMs);
      await provider.shutdown();
      return span.spanContext().traceId;
    }),
  );
}
