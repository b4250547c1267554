/** What a source has to say of itself. One without a report does not take part. */
export interface SourceReport {
  readonly source: string;
  /** Why it tells nothing, or not all that it could; undefined: nothing is wrong. */
  readonly problem?: string;
  /** It was not heard yet, nor was it refused. */
  readonly pending?: boolean;
  /** Why it does not tell of some events, by their metric. */
  readonly events?: Readonly<Record<string, string>>;
}
