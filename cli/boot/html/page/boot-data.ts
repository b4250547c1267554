/** What the page is drawn from. Times are nanoseconds since the earliest thing that is drawn. */
export interface BootData {
  /** Whose boot it is. */
  readonly node: string;
  /** What is known of the node: name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** When the axis begins, as text. */
  readonly began: string;
  /** From time zero to the last terminal event; empty: none has happened. */
  readonly took: string;
  readonly complete: boolean;
  readonly lengthNs: number;
  readonly rows: readonly BootRow[];
  /** Events that happened, but are too many to be drawn. */
  readonly leftOut: number;
  readonly missing: readonly {
    readonly name: string;
    readonly why: string;
    readonly awaited: boolean;
  }[];
}

/** An event, or something that took time. */
export interface BootRow {
  readonly kind: 'event' | 'span';
  readonly name: string;
  /** Distance from time zero of an event, length of a span. */
  readonly told: string;
  readonly fromNs: number;
  readonly toNs: number;
  /** How long after `fromNs` the event may have happened. */
  readonly precisionNs: number;
  /** Levels above a span. */
  readonly depth: number;
  /** The boot's end waited for it so long; empty: it did not. */
  readonly waited: string;
  /** It ends the boot. */
  readonly terminal: boolean;
  /** It came after the last that ends the boot. */
  readonly afterEnd: boolean;
  /** Why it failed; empty: it did not. */
  readonly failure: string;
  /** What else is to be told: name and value. */
  readonly details: readonly (readonly [name: string, value: string])[];
}
