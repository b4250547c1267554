/** What a source has to say of itself. One without a report does not take part. */
export interface SourceReport {
  readonly source: string;
  /** Why it tells nothing, or not all that it could; undefined: nothing is wrong. */
  readonly problem?: string;
  /** Why it does not tell of some events, by their metric. */
  readonly events?: Readonly<Record<string, string>>;
}
