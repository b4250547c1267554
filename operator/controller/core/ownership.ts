import { comparePrecedence, proberKey, type Mode, type ValidProber } from '../../network-prober.ts';
import { selects, type Labels } from '../../label-selector.ts';
import { podKey, type PodFacts } from './pod-facts.ts';

/** A NetworkProber and the pods whose labels it selects, in any namespace. */
export interface Selection {
  readonly prober: ValidProber;
  readonly pods: Iterable<PodFacts>;
}

/** Whose pods are whose. */
export interface Owned {
  readonly prober: ValidProber;
  /** All that its selectors match. */
  readonly selected: number;
  /** Of these, those that are its own. */
  readonly pods: readonly PodFacts[];
  /** Pods that it selects and that belong to another one, by that one's `namespace/name`. */
  readonly others: ReadonlyMap<string, number>;
}

const injecting: readonly Mode[] = ['auto', 'policy', 'webhook'];

/** Whether it has sidecars put into pods. */
export function injects({ spec }: ValidProber): boolean {
  return injecting.includes(spec.mode);
}

/**
 * Gives each pod to one of the NetworkProbers that select it: to that whose sidecar it has; without a sidecar to the first by
 * precedence that would inject one. In modes daemonset and none nothing is injected, and a pod without a sidecar may be several ones'.
 * The result is in order of precedence.
 */
export function ownership(
  selections: readonly Selection[],
  namespaces: ReadonlyMap<string, Labels>,
): readonly Owned[] {
  const ordered = selections.toSorted((a, b) => comparePrecedence(a.prober, b.prober));
  const chosen = ordered.map(({ prober, pods }) => ({
    prober,
    pods: [...inNamespaces(prober, pods, namespaces)],
  }));
  const owners = new Map<string, string>();
  for (const { prober, pods } of chosen)
    for (const pod of pods) {
      const key = podKey(pod);
      if (!owners.has(key) && claims(prober, pod)) owners.set(key, proberKey(prober));
    }
  return chosen.map(({ prober, pods }) => {
    const own: PodFacts[] = [];
    const others = new Map<string, number>();
    for (const pod of pods) {
      const owner = owners.get(podKey(pod));
      if (owner === proberKey(prober) || isShared(prober, pod)) own.push(pod);
      else {
        const whose = owner ?? pod.sidecar?.prober ?? '';
        others.set(whose, (others.get(whose) ?? 0) + 1);
      }
    }
    return { prober, selected: pods.length, pods: own, others };
  });
}

function* inNamespaces(
  { spec }: ValidProber,
  pods: Iterable<PodFacts>,
  namespaces: ReadonlyMap<string, Labels>,
): Generator<PodFacts> {
  const { namespaceSelector } = spec;
  for (const pod of pods) {
    const labels = namespaces.get(pod.namespace);
    if (namespaceSelector === undefined || (labels && selects(namespaceSelector, labels)))
      yield pod;
  }
}

function claims(prober: ValidProber, { sidecar }: PodFacts): boolean {
  if (prober.spec.mode === 'daemonset') return false;
  if (sidecar === undefined) return injects(prober);
  return sidecar.prober === ''
    ? sidecar.configMap === prober.name
    : sidecar.prober === proberKey(prober);
}

function isShared(prober: ValidProber, { sidecar }: PodFacts): boolean {
  const { mode } = prober.spec;
  return mode === 'daemonset' || (mode === 'none' && sidecar === undefined);
}
