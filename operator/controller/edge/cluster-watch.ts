import type { KubeClient } from '../../../receivers/shared/kubernetes/client.ts';
import {
  followCollection,
  type Collection,
} from '../../../receivers/shared/kubernetes/collection.ts';
import type { Log } from '../../../receivers/shared/log.ts';
import type { WallClock } from '../../../receivers/shared/wall-clock.ts';
import { selectorText } from '../../label-selector.ts';
import {
  collectionPath,
  readNetworkProber,
  type NetworkProber,
  type ValidProber,
} from '../../network-prober.ts';
import { configMapFacts, managedBy, type ConfigMapFacts } from '../core/config-map.ts';
import { namespaceFacts, type NamespaceFacts } from '../core/namespace-facts.ts';
import type { Selection } from '../core/ownership.ts';
import { podFacts, type PodFacts } from '../core/pod-facts.ts';

export interface ClusterWatchOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Something that matters has changed. */
  readonly onChange: () => void;
}

/** What there is in the cluster, as far as watches have told it. */
export interface ClusterWatch {
  readonly probers: () => readonly NetworkProber[];
  readonly namespaces: () => ReadonlyMap<string, NamespaceFacts>;
  readonly configMaps: () => Iterable<ConfigMapFacts>;
  /** NetworkProbers that can be read and are not being deleted, each with the pods that its labels select. */
  readonly selections: () => readonly Selection[];
  /** What is not listed yet; undefined: everything is. */
  readonly unlisted: () => string | undefined;
  /** Pods that are remembered; one that two selectors select counts twice. */
  readonly pods: () => number;
  readonly ended: () => Promise<void>;
}

interface FollowedPods {
  readonly collection: Collection<PodFacts>;
  readonly stop: AbortController;
}

/** Follows a cluster until the signal ends. Of pods only those are asked for that some NetworkProber selects by labels. */
export function watchCluster(options: ClusterWatchOptions): ClusterWatch {
  const { client, clock, log, signal, onChange } = options;
  const common = { client, clock, log, signal };
  /** By the text of their selector: NetworkProbers with the same one share it. */
  const pods = new Map<string, FollowedPods>();
  const leaving = new Set<Promise<void>>();

  const probers = followCollection<NetworkProber>({
    ...common,
    path: collectionPath,
    query: {},
    read: (object) => {
      const prober = readNetworkProber(object);
      return prober === undefined ? [] : [prober];
    },
    onChange: () => {
      followSelected();
      onChange();
    },
  });
  const namespaces = followCollection<NamespaceFacts>({
    ...common,
    path: '/api/v1/namespaces',
    query: {},
    read: namespaceFacts,
    onChange,
  });
  const configMaps = followCollection<ConfigMapFacts>({
    ...common,
    path: '/api/v1/configmaps',
    query: { labelSelector: `${managedBy.key}=${managedBy.value}` },
    read: configMapFacts,
    onChange,
  });

  function selecting(): readonly ValidProber[] {
    return [...probers.places()]
      .filter((each) => each.kind === 'valid')
      .filter(({ deleted }) => !deleted);
  }

  function followSelected(): void {
    const wanted = new Set(selecting().map(({ spec }) => selectorText(spec.podSelector)));
    for (const text of wanted) if (!pods.has(text)) pods.set(text, follow(text));
    for (const [text, { stop, collection }] of pods) {
      if (wanted.has(text)) continue;
      stop.abort();
      pods.delete(text);
      const left = collection.ended.finally(() => leaving.delete(left));
      leaving.add(left);
    }
  }

  function follow(text: string): FollowedPods {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    const collection = followCollection<PodFacts>({
      ...common,
      signal: stop.signal,
      path: '/api/v1/pods',
      query: text === '' ? {} : { labelSelector: text },
      read: podFacts,
      onChange,
    });
    void collection.ended.finally(() => signal.removeEventListener('abort', end));
    return { collection, stop };
  }

  return {
    probers: () => [...probers.places()],
    namespaces: () => new Map(Array.from(namespaces.places(), (each) => [each.name, each])),
    configMaps: () => configMaps.places(),
    selections: () =>
      selecting().map((prober) => ({
        prober,
        pods: pods.get(selectorText(prober.spec.podSelector))?.collection.places() ?? [],
      })),
    unlisted: () => {
      if (!probers.listed()) return 'NetworkProbers';
      if (!namespaces.listed()) return 'namespaces';
      if (!configMaps.listed()) return 'ConfigMaps';
      const all = [...pods.values()].every(({ collection }) => collection.listed());
      return all ? undefined : 'pods';
    },
    pods: () => {
      const counts = Array.from(pods.values(), ({ collection }) => [...collection.places()].length);
      return counts.reduce((sum, many) => sum + many, 0);
    },
    ended: async () => {
      const all = [...pods.values()].map(({ collection }) => collection.ended);
      await Promise.all([probers.ended, namespaces.ended, configMaps.ended, ...all, ...leaving]);
    },
  };
}
