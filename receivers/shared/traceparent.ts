/** Where a span is, as far as another process needs to know. */
export interface SpanAddress {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/** The W3C Trace Context header value, version 00. */
export function formatTraceparent(span: SpanAddress): string {
  return `00-${span.traceId}-${span.spanId}-${span.sampled ? '01' : '00'}`;
}
