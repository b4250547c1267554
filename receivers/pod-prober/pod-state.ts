import type { StatusSight } from '../shared/kubernetes/pod-evidence.ts';

/** A condition of a pod as far as the prober needs it. */
export interface Condition {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string | undefined;
  readonly message: string | undefined;
  /** When it changed by the clock of whoever changed it, cut to whole seconds; null: not told. */
  readonly changedNs: bigint | null;
}

export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string | undefined }
  | { readonly kind: 'running'; readonly startedNs: bigint | null }
  | {
      readonly kind: 'terminated';
      readonly exitCode: number;
      readonly reason: string;
      /** Null: it never ran. */
      readonly startedNs: bigint | null;
    };

export interface Container {
  readonly name: string;
  readonly state: ContainerState;
}

/** One version of a pod, in our own words. */
export interface PodState {
  /** The object's resource version: a decimal number that grows. */
  readonly version: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string | undefined;
  readonly address: string | undefined;
  readonly phase: string;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly deleting: boolean;
  readonly scheduled: Condition | undefined;
  readonly ready: Condition | undefined;
  /** Names of the containers that make the pod run, sidecars added by webhooks included. */
  readonly containerNames: readonly string[];
  readonly containers: readonly Container[];
  /** What its specification lets its start wait for, as attributes. */
  readonly waits: Readonly<Record<string, string>>;
  /** What its status says of its containers, place and readiness. */
  readonly says: readonly StatusSight[];
}

/** An Event of the cluster about a pod, in our own words. */
export interface PodNote {
  /** Identity of the Event object. */
  readonly key: string;
  readonly podName: string;
  readonly reason: string;
  readonly message: string;
  /** The container that it is about. */
  readonly container: string | undefined;
  /** When it was noted, by the clock named in clockId; null: only known to the second, or not at all. */
  readonly clockNs: bigint | null;
  /** Whose clock: `node:<name>` for a kubelet, else `<component>@<instance>`. */
  readonly clockId: string;
}

export function isScheduled(pod: PodState): boolean {
  return pod.node !== undefined || pod.scheduled?.status === 'True';
}

function hasRun(state: ContainerState): boolean {
  return state.kind === 'running' || (state.kind === 'terminated' && state.startedNs !== null);
}

/** All containers were started; one that ended since has been started too. */
export function isStarted(pod: PodState): boolean {
  const started = pod.containers.filter((each) => hasRun(each.state));
  return pod.containerNames.length > 0 && started.length >= pod.containerNames.length;
}

export function isReady(pod: PodState): boolean {
  return pod.ready?.status === 'True';
}

/** Seconds of the last container's start by the node's clock, where all containers tell theirs. */
export function startedSecondNs(pod: PodState): bigint | null {
  const times = pod.containers.map((each) =>
    each.state.kind === 'waiting' ? null : each.state.startedNs,
  );
  return times.reduce<bigint | null>(
    (latest, each) => (latest === null || each === null ? null : each > latest ? each : latest),
    times[0] ?? null,
  );
}

/** Whether one version of an object is newer than another; Kubernetes compares them as numbers. */
export function isNewer(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}
