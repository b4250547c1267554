import type { PodSnapshot } from './pod-snapshot.ts';

/** Which pod of the node is measured. */
export interface PodChoice {
  /** Empty: any. */
  readonly namespace: string;
  /** Empty: the one that was bound to the node first, but for those that run on every node. */
  readonly name: string;
}

/** Whether a pod may be the measured one. */
export function mayBeMeasured(pod: PodSnapshot, { namespace, name }: PodChoice): boolean {
  if (namespace !== '' && pod.namespace !== namespace) return false;
  return name === '' ? !pod.ofEveryNode && pod.scheduledNs !== undefined : pod.name === name;
}

/** The one that was bound first; of several the one that was created first, then by name. */
export function firstBound(one: PodSnapshot | undefined, other: PodSnapshot): PodSnapshot {
  if (one === undefined) return other;
  const keys = [one, other].map(
    ({ scheduledNs, createdNs, namespace, name }) =>
      [scheduledNs ?? createdNs, createdNs, `${namespace}/${name}`] as const,
  );
  const [a, b] = keys;
  if (a === undefined || b === undefined) return one;
  const differs = a.findIndex((key, index) => key !== b[index]);
  return differs < 0 || (a[differs] ?? '') < (b[differs] ?? '') ? one : other;
}
