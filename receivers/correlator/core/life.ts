import { maxSights, type StatusSight } from '../../shared/kubernetes/pod-evidence.ts';
import { momentOf, type Moment } from './moment.ts';
import type { ContainerSnapshot, PodSnapshot } from './pod-snapshot.ts';
import { hasEnded } from './pods.ts';

/** What the pod's status said, at the time we heard it first. */
export interface PhaseEvent extends Omit<StatusSight, 'key'> {
  readonly atMs: number;
}

interface Container extends ContainerSnapshot {
  readonly started: Moment;
}

/** One watched pod: what it went through, each step at the best time known for it. */
export interface Life {
  pod: PodSnapshot;
  readonly created: Moment;
  scheduled: Moment | undefined;
  initialized: Moment | undefined;
  ready: Moment | undefined;
  ending: Moment | undefined;
  readonly containers: Map<string, Container>;
  /** What its status said until that was told, by the key of each. */
  readonly said: Map<string, PhaseEvent>;
}

export function beginLife(pod: PodSnapshot): Life {
  return {
    pod,
    created: { atMs: pod.staticSeenMs ?? pod.createdMs, source: 'status', uncertaintyMs: 1000 },
    scheduled: undefined,
    initialized: undefined,
    ready: undefined,
    ending: undefined,
    containers: new Map(),
    said: new Map(),
  };
}

export function heard(atMs: number): Moment {
  return { atMs, source: 'watch', uncertaintyMs: 0 };
}

/** Takes in what the pod has come to. `listening`: also what its status says on the way. */
export function note(life: Life, pod: PodSnapshot, atMs: number, listening: boolean): void {
  life.pod = pod;
  const { status, deletionMs } = pod;
  const once = (known: Moment | undefined, statusMs: number | undefined): Moment | undefined =>
    known ?? (statusMs === undefined ? undefined : momentOf(statusMs, atMs));
  life.scheduled = once(life.scheduled, status?.scheduledMs);
  life.initialized = once(life.initialized, status?.initializedMs);
  life.ready = once(life.ready, status?.readyMs);
  life.ending = once(life.ending, deletionMs);
  if (hasEnded(pod)) life.ending ??= heard(atMs);
  if (listening) listen(life, atMs);
  for (const container of status?.containers ?? []) {
    if (container.startedMs === undefined || life.containers.has(container.name)) continue;
    const started = momentOf(container.startedMs, atMs);
    life.containers.set(container.name, { ...container, started });
  }
}

function listen({ pod, said }: Life, atMs: number): void {
  for (const { key, name, attributes } of pod.status?.says ?? []) {
    if (said.has(key) || said.size >= maxSights) continue;
    said.set(key, { name, attributes, atMs });
  }
}
