/** What an event is about. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** `kubectl describe` looks for it; that of a node is its name, as the kubelet writes it. */
  readonly uid?: string;
}

/** An Event of events.k8s.io/v1. */
export interface EventObject {
  readonly apiVersion: 'events.k8s.io/v1';
  readonly kind: 'Event';
  /** The same name again makes it a series. */
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly eventTime: string;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly action: string;
  readonly reason: string;
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly note: string;
  readonly type: 'Warning' | 'Normal';
}

/** What came of an event: sent, refused, or more than its rate allows. */
export const eventOutcomes = ['told', 'failed', 'held_back'] as const;
export type EventOutcome = (typeof eventOutcomes)[number];

/** What turns an event that is there into a series of `count`. */
export function seriesPatch(count: number, nowMs: number): object {
  return { series: { count, lastObservedTime: microTime(nowMs) } };
}

/** Microseconds, as Kubernetes wants them. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
