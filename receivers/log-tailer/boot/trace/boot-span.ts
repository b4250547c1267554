export type Attributes = Readonly<Record<string, string | number | boolean | string[]>>;

/** One span of a boot. */
export interface BootSpan {
  /** Its id follows from it. */
  readonly name: string;
  /** Name of the span above it; undefined: it is the root. */
  readonly parent: string | undefined;
  readonly startUnixNs: bigint;
  readonly endUnixNs: bigint;
  readonly attributes: Attributes;
  readonly events: readonly {
    readonly name: string;
    readonly atUnixNs: bigint;
    readonly attributes: Attributes;
  }[];
  /** Why it did not end as it should; undefined: it did. */
  readonly failure: string | undefined;
}

/** A boot as a trace: the root first, parents before what is below them. */
export interface BootTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly spans: readonly BootSpan[];
}
