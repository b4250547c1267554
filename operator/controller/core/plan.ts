import { decide, type LeaveReason, type Surroundings } from '../../injection/decision.ts';
import { proberKey, type ValidProber } from '../../network-prober.ts';
import type { Labels } from '../../label-selector.ts';
import { configFiles, type ConfigFile } from './config-files.ts';
import { injects, ownership, type Owned, type Selection } from './ownership.ts';
import { peersOf, type Peer } from './peers.ts';
import { podKey, type PodFacts } from './pod-facts.ts';

export interface PlanInput {
  readonly selections: readonly Selection[];
  /** Labels by name. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  /** By which it is decided who gets a sidecar. */
  readonly surroundings: Surroundings;
}

/** What is to be there because of one NetworkProber, and what is to be said of it. */
export interface ProberPlan {
  readonly prober: ValidProber;
  readonly selected: number;
  readonly peers: readonly Peer[];
  readonly missed: readonly MissedPod[];
  /** Pods that it selects and that belong to another one, by that one's `namespace/name`. */
  readonly others: ReadonlyMap<string, number>;
  /** Files by the namespace that they are to lie in. */
  readonly files: ReadonlyMap<string, readonly ConfigFile[]>;
  /** Pods with a sidecar by namespace, which are to read the files there. */
  readonly readers: ReadonlyMap<string, readonly PodFacts[]>;
  /** Namespaces where a NetworkProber of the same name has the ConfigMaps, and which one. */
  readonly taken: ReadonlyMap<string, string>;
}

export interface MissedPod {
  /** `namespace/name`. */
  readonly pod: string;
  readonly reason: MissedReason;
}

/** not-injected: nothing speaks against it, but the pod came before, or while nobody injected. */
export type MissedReason = LeaveReason | 'not-injected';

/** Says what is to be there. The same pods and NetworkProbers, in whatever order, give the same plans, in order of precedence. */
export function plan(input: PlanInput): readonly ProberPlan[] {
  const holders = new Map<string, string>();
  return ownership(input.selections, input.namespaces).map((owned) =>
    proberPlan(owned, input, holders),
  );
}

/** `holders` remembers who has which ConfigMap, by `namespace/name` of the ConfigMap. */
function proberPlan(owned: Owned, input: PlanInput, holders: Map<string, string>): ProberPlan {
  const { prober, pods, selected, others } = owned;
  const peers = peersOf(prober, pods);
  const readers = Map.groupBy(pods.filter(reads(prober)), ({ namespace }) => namespace);
  const files = new Map<string, readonly ConfigFile[]>();
  const taken = new Map<string, string>();
  const isWhole = peers.length <= prober.spec.topology.maxPeers;
  // All namespaces have the same files where all peers fit.
  const whole = isWhole ? configFiles(prober, peers, '') : undefined;
  for (const namespace of readers.keys()) {
    const here = whole ?? configFiles(prober, peers, namespace);
    const holder = here.map(({ name }) => holders.get(`${namespace}/${name}`)).find(Boolean);
    if (holder === undefined) {
      for (const { name } of here) holders.set(`${namespace}/${name}`, proberKey(prober));
      files.set(namespace, here);
    } else taken.set(namespace, holder);
  }
  return { prober, selected, peers, missed: missedOf(owned, input), others, files, readers, taken };
}

/** Which of its pods read its files. */
function reads({ spec }: ValidProber): (pod: PodFacts) => boolean {
  switch (spec.mode) {
    case 'daemonset':
      return () => false;
    case 'none':
      return () => true;
    case 'auto':
    case 'policy':
    case 'webhook':
      return ({ sidecar }) => sidecar !== undefined;
  }
}

function missedOf({ prober, pods }: Owned, input: PlanInput): readonly MissedPod[] {
  if (!injects(prober)) return [];
  const without = pods.filter(({ sidecar }) => sidecar === undefined);
  const missed = without.map((pod) => ({ pod: podKey(pod), reason: reasonOf(pod, input) }));
  return missed.toSorted((one, other) => (one.pod < other.pod ? -1 : 1));
}

function reasonOf(pod: PodFacts, { namespaces, surroundings }: PlanInput): MissedReason {
  if (pod.bare === undefined) return 'not-injected';
  const namespace = { name: pod.namespace, labels: namespaces.get(pod.namespace) ?? {} };
  const decision = decide(pod.bare, namespace, surroundings);
  // None is known yet of a cluster that has not said what it can do.
  const isOpen = decision.kind === 'inject' || decision.reason === 'no-prober';
  return isOpen ? 'not-injected' : decision.reason;
}
