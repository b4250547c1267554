import type { StatusSight } from '../../shared/kubernetes/pod-evidence.ts';

/** One container as a pod's status tells of it. */
export interface ContainerSnapshot {
  readonly name: string;
  readonly init: boolean;
  /** The runtime's id, without its scheme. */
  readonly id: string | undefined;
  /** When it first ran, by the kubelet's clock, cut to seconds. */
  readonly startedMs: number | undefined;
}

/** What a pod's status says, times by the clocks of those who wrote it, cut to whole seconds. */
export interface StatusSnapshot {
  readonly phase: string;
  readonly scheduledMs: number | undefined;
  readonly initializedMs: number | undefined;
  readonly readyMs: number | undefined;
  readonly containers: readonly ContainerSnapshot[];
  /** What the specification lets the pod's start wait for, as attributes. */
  readonly waits: Readonly<Record<string, string>>;
  /** What it says of containers, place and readiness. */
  readonly says: readonly StatusSight[];
}

/** A pod as the API server showed it. Times in milliseconds since the Unix epoch. */
export interface PodSnapshot {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly nodeName: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Value of the annotation with the trace context. */
  readonly traceparent: string | undefined;
  /** Of a static pod: the uid that its kubelet and runtime know it by. */
  readonly staticUid: string | undefined;
  /** Of a static pod: when its kubelet saw the manifest. The mirror pod is created later than the containers. */
  readonly staticSeenMs: number | undefined;
  /** creationTimestamp, cut to a whole second. */
  readonly createdMs: number;
  /** When its deletion was asked for: deletionTimestamp without the grace period, cut to a second. */
  readonly deletionMs: number | undefined;
  /** Undefined where only metadata is watched. */
  readonly status: StatusSnapshot | undefined;
}

/** One change, at the time we heard of it. */
export type PodEvent =
  | { readonly kind: 'seen'; readonly pod: PodSnapshot; readonly atMs: number }
  | { readonly kind: 'gone'; readonly uid: string; readonly atMs: number };
