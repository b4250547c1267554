/** One span as read from a backend; the shape that `trace --output json` prints. */
export interface TraceSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified';
  /** 16 hex digits. */
  readonly spanId: string;
  /** 16 hex digits, or null for a span without parent. */
  readonly parentSpanId: string | null;
  /** Nanoseconds since the Unix epoch, as decimal text: they do not fit a JavaScript number. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  /** Span attributes, and under `resource.` the resource's. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly SpanEvent[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message: string };
}

/** Something that happened at one moment of a span. */
export interface SpanEvent {
  readonly name: string;
  /** Nanoseconds since the Unix epoch, as decimal text. */
  readonly timeUnixNano: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Trace {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly spans: readonly TraceSpan[];
}
