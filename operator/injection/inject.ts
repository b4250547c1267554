import { decide, type LeaveReason, type Surroundings } from './decision.ts';
import { injectionPatch, type Addition } from './patch.ts';
import { readPod } from './pod.ts';
import type { InjectingProber, NamespaceFacts } from './prober.ts';

export type Injection =
  | {
      readonly kind: 'inject';
      readonly prober: InjectingProber;
      readonly patch: readonly Addition[];
    }
  | { readonly kind: 'leave'; readonly reason: LeaveReason | 'unreadable' | 'by-policy' };

/** What is to be done to a pod that is being created. Never throws, whatever it is given for a pod. */
export function inject(
  object: unknown,
  namespace: NamespaceFacts,
  surroundings: Surroundings,
): Injection {
  const pod = readPod(object);
  if (pod === undefined) return { kind: 'leave', reason: 'unreadable' };
  const decision = decide(pod, namespace, surroundings);
  if (decision.kind === 'leave') return { kind: 'leave', reason: decision.reason };
  const { prober } = decision;
  return { kind: 'inject', prober, patch: injectionPatch(pod, prober, surroundings.sidecar) };
}
