import { status } from '@grpc/grpc-js';
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
  /** The answer to one request with these spans. */
  send(spans: readonly ReadableSpan[]): Promise<status>;
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
      const code = await new Promise<status>((resolve) => {
        exporter.export([...spans], ({ error }) => {
          resolve(error === undefined ? status.OK : codeOf(error));
        });
      });
      if (code === status.OK) for (const span of spans) acknowledged.add(span.spanContext().spanId);
      return code;
    },
    close: () => exporter.shutdown(),
  };
}

function codeOf(error: Error & { readonly code?: status }): status {
  return error.code ?? status.UNKNOWN;
}
