/** What a part of a pod's start was spent on: the closed set of a step's `cause`. */
export const causes = [
  /** Requests that the API server was slow to take, let through or answer; its own work on them. */
  'api-server',
  /** Calls of admission webhooks by the API server. */
  'webhook',
  /** Reads and writes of etcd, and the way there. */
  'etcd',
  /** Waiting for a node. */
  'scheduling',
  /** The kubelet's own work and notice. */
  'kubelet',
  'volumes',
  /** The pod's sandbox without its network. */
  'sandbox',
  /** CNI. */
  'network-plugin',
  /** Pulling images and waiting for missing ones. */
  'image',
  /** Creating, starting and running init containers. */
  'init-container',
  /** Containers that cannot be made because of what their specification refers to. */
  'container-config',
  /** Creating and starting containers. */
  'container-start',
  /** Containers that ended and were started again. */
  'crash',
  /** Waiting for readiness probes, startup probes and readiness gates of containers that run. */
  'readiness',
  /** Spans of programs that are none of the above. */
  'other',
  /** No span covers it, and nothing in the trace says what it was. */
  'unaccounted',
] as const;

export type Cause = (typeof causes)[number];

/**
 * How a step is known. `span`: a span of the component measured it. `inferred`: no span covers it, something else in the
 * trace says what it was. `none`: neither.
 */
export type Certainty = 'span' | 'inferred' | 'none';

/** What a stretch of time was spent on. */
export interface Finding {
  readonly cause: Cause;
  /** Who did it, or was waited for; services by their service.name. */
  readonly component: string;
  readonly what: string;
  /** The image, webhook, container or plugin that it is about; empty where the cause says it all. */
  readonly subject: string;
  readonly node: string | null;
  readonly certainty: Certainty;
  /** Messages and settings in the trace that this rests on, beside its spans. */
  readonly evidence: readonly string[];
}

/** A finding and its stretch of time, in nanoseconds since the Unix epoch. */
export interface Piece extends Finding {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** The span that measured it. */
  readonly spanId: string | null;
}
