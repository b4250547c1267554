/** What a source says happened on the node, and when. */
export interface Occurrence {
  /** Metric of the event, such as `kubelet_start`. */
  readonly event: string;
  /** Name of the source, such as `Messages`, `Journal` or `K8s`. */
  readonly source: string;
  readonly atUnixNs: bigint;
  /** How exact the time is: 1,000,000,000 where the source has whole seconds. */
  readonly precisionNs: number;
  /** Which boot it belongs to, as the kernel names it: 32 hexadecimal digits; undefined where the source does not say. */
  readonly bootId?: string;
  /** Since that boot, by a clock that is never set; undefined where the source does not say. */
  readonly monotonicUs?: number;
  readonly comment?: string;
}
