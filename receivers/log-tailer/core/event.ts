/** Which of the occurrences of an event in one boot count. */
export type Selector = 'first' | 'last' | 'all';

/** What may happen on a node while it boots. */
export interface EventDefinition {
  /** For people: `Kubelet Start`. */
  readonly name: string;
  /** Unique; the `event` of its occurrences: `kubelet_start`. */
  readonly metric: string;
  /** Further names that its metrics are told under, such as the corrected one of a misspelt `metric`. */
  readonly aliases?: readonly string[];
  readonly selector: Selector;
  /** The measuring waits for it. */
  readonly terminal: boolean;
  /** Names of the sources that may tell of it, the most trusted first: where one of them did, what those after it say does not count. */
  readonly sources: readonly string[];
  /**
   * Where it stands to the start of the kernel. `begins`: it marks that start, once in a boot. `before`: it precedes the boot that
   * it belongs to, as the request for a machine does. Default `within`.
   */
  readonly place?: 'before' | 'begins' | 'within';
  /** What it means, for people. */
  readonly comment?: string;
}
