import { applyPatch } from 'rfc6902';
import type { Addition } from '../../../operator/injection/patch.ts';
import { readPod, type PodFacts } from '../../../operator/injection/pod.ts';

interface PodChanges {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** A pod that the sample NetworkProber matches and nothing is in the way of, with what is named changed. */
export function pod({ metadata = {}, spec = {} }: PodChanges = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'pod-', labels: { app: 'net-prober' }, ...metadata },
    spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
  };
}

/** The same as injection reads it. */
export function podFacts(changes: PodChanges = {}): PodFacts {
  const facts = readPod(pod(changes));
  if (facts === undefined) throw new Error('not a pod');
  return facts;
}

/** An object with a patch applied, by another's library; throws where it does not apply. */
export function patched<T>(object: T, patch: readonly Addition[]): T {
  const copy = structuredClone(object);
  const failures = applyPatch(copy, structuredClone([...patch])).filter((each) => each !== null);
  if (failures[0] !== undefined) throw failures[0];
  return copy;
}
