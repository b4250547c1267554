import { finalizer, type NetworkProber, type ProberIdentity } from '../../network-prober.ts';
import { configFiles } from './config-files.ts';
import {
  configMapKey,
  contentHash,
  type ConfigMapFacts,
  type WantedConfigMap,
} from './config-map.ts';
import type { ProberPlan } from './plan.ts';

/** A ConfigMap of a NetworkProber that selects no pod in its namespace any more is emptied at once, and deleted after this. */
export const unusedMs = 600_000;

export interface WantedInput {
  readonly plans: readonly ProberPlan[];
  /** All, those that cannot be read and those that are being deleted too. */
  readonly probers: readonly NetworkProber[];
  /** Namespaces that are there, and are not being deleted. */
  readonly lasting: (namespace: string) => boolean;
  readonly observed: Iterable<ConfigMapFacts>;
  /** Since when each is not used, by key: remembered from one time to the next. */
  readonly unusedSince: Map<string, number>;
  readonly nowMs: number;
}

export interface WantedResult {
  /** By `namespace/name`. */
  readonly wanted: ReadonlyMap<string, WantedConfigMap>;
  readonly unwanted: readonly ConfigMapFacts[];
  /** NetworkProbers that need the finalizer before what they want in other namespaces is made. */
  readonly unfinalized: readonly ProberIdentity[];
}

/**
 * Which ConfigMaps there are to be, and which are to go: those of NetworkProbers that are gone at once, whoever deleted them and whenever. Those
 * of a NetworkProber that cannot be read stay as they are.
 */
export function wantedConfigMaps(input: WantedInput): WantedResult {
  const { plans, probers, lasting, observed, unusedSince, nowMs } = input;
  const wanted = new Map<string, WantedConfigMap>();
  const unfinalized = new Set<ProberIdentity>();
  for (const { prober, files } of plans)
    for (const [namespace, here] of files) {
      if (!lasting(namespace)) continue;
      if (namespace !== prober.namespace && !prober.finalizers.includes(finalizer)) {
        unfinalized.add(prober);
        continue;
      }
      for (const file of here) {
        const each = { ...file, namespace, prober, hash: contentHash(file.text) };
        wanted.set(configMapKey(each), each);
      }
    }
  const byUid = new Map(probers.filter(({ deleted }) => !deleted).map((each) => [each.uid, each]));
  const unwanted: ConfigMapFacts[] = [];
  const unused = new Set<string>();
  for (const facts of observed) {
    const key = configMapKey(facts);
    if (wanted.has(key)) continue;
    const prober = byUid.get(facts.proberUid);
    if (prober === undefined) unwanted.push(facts);
    else if (prober.kind === 'valid') {
      unused.add(key);
      const sinceMs = unusedSince.get(key) ?? nowMs;
      unusedSince.set(key, sinceMs);
      if (nowMs - sinceMs >= unusedMs) unwanted.push(facts);
      else for (const each of emptied(prober, facts)) wanted.set(key, each);
    }
  }
  for (const key of unusedSince.keys()) if (!unused.has(key)) unusedSince.delete(key);
  return { wanted, unwanted, unfinalized: [...unfinalized] };
}

/** Without peers, for sidecars that are still there: nothing for what is no file of it, which stays until it is deleted. */
function emptied(
  prober: Extract<NetworkProber, { kind: 'valid' }>,
  { namespace, name }: ConfigMapFacts,
): readonly WantedConfigMap[] {
  return configFiles(prober, [], namespace)
    .filter((file) => file.name === name)
    .map((file) => ({ ...file, namespace, prober, hash: contentHash(file.text) }));
}

/** Whether something of a NetworkProber is there in other namespaces, where it cannot be the owner. */
export function reachesBeyond(
  { uid, namespace }: ProberIdentity,
  observed: Iterable<ConfigMapFacts>,
): boolean {
  for (const each of observed)
    if (each.proberUid === uid && each.namespace !== namespace) return true;
  return false;
}
