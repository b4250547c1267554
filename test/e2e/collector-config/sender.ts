import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';

interface SpanOptions {
  readonly service?: string;
  /** Bytes that each span carries along. */
  readonly bytes?: number;
}

/** So many spans that have ended, each in a trace of its own. */
export function makeSpans(
  count: number,
  { service = 'pod-prober', bytes = 0 }: SpanOptions = {},
): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [
      {
        onStart: () => {},
        onEnd: (span) => ended.push(span),
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      },
    ],
  });
  const tracer = provider.getTracer('test');
  const padding = 'x'.repeat(bytes);
  for (let n = 0; n < count; n++)
    tracer.startSpan(`span ${n}`, { root: true, attributes: { padding } }).end();
  return ended;
}

/** A sender that tries once, and knows what was acknowledged. */
export interface Sender {
  /** gRPC status of one request with these spans; 0: it was acknowledged. */
  send(spans: readonly ReadableSpan[]): Promise<number>;
  /** Ids of the spans that were acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  close(): Promise<void>;
}

export function createSender(url: string): Sender {
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: 5000 });
  const acknowledged = new Set<string>();
  return {
    acknowledged,
    send: async (spans) => {
      const code = await new Promise<number>((resolve) => {
        exporter.export([...spans], ({ code: failed, error }) =>
          resolve(failed === 0 ? 0 : Number(Object(error).code ?? -1)),
        );
      });
      if (code === 0) for (const span of spans) acknowledged.add(span.spanContext().spanId);
      return code;
    },
    close: () => exporter.shutdown(),
  };
}
