/** A span that shows one of the values in a data point. */
export interface SpanRef {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
}

export interface Exemplar extends SpanRef {
  /** In the unit of the metric. */
  readonly value: number;
  /** Milliseconds of the Unix clock. */
  readonly atMs: number;
}
