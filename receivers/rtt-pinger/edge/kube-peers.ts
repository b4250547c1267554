import type { KubeClient } from '../../shared/kubernetes/client.ts';
import type { Log } from '../../shared/log.ts';
import type { WallClock } from '../../shared/wall-clock.ts';
import { nodePlace, podPlace, slicePlaces, type NodePlace } from '../core/kube-objects.ts';
import { peersOf, type PeerRules } from '../core/kube-peers.ts';
import type { Peer } from '../core/target.ts';
import { followCollection } from '../../shared/kubernetes/collection.ts';

/** Which objects of a cluster are peers. */
export interface KubeSelection extends PeerRules {
  readonly pods: readonly {
    readonly namespace?: string | undefined;
    /** Those of others are left out. */
    readonly namespaces?: readonly string[] | undefined;
    readonly labels: Readonly<Record<string, string>>;
    /** As the API server takes it, beside the labels. */
    readonly selector?: string | undefined;
  }[];
  readonly services: readonly { readonly namespace: string; readonly name: string }[];
}

export interface KubePeersOptions {
  readonly selection: KubeSelection;
  /** Label of nodes that names their rack; empty: none does. */
  readonly rackLabel: string;
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onPeers: (peers: readonly Peer[]) => void;
}

export interface KubePeers {
  /** Why the peers are not known yet; undefined: they are. */
  readonly problem: () => string | undefined;
  /** A node by its name; undefined: unknown. */
  readonly nodeOf: (name: string) => NodePlace | undefined;
  readonly ended: Promise<void>;
}

/** Changes that come together are one: a list of many pods, a rollout. */
const gatherMs = 50;

/** Watches nodes, pods and endpoint slices, and tells the peers whenever they change, until the signal ends. */
export function followKubePeers(options: KubePeersOptions): KubePeers {
  const { selection, rackLabel, signal, onPeers, client, clock, log } = options;
  let timer: NodeJS.Timeout | undefined;
  const common = { client, clock, log, signal, onChange: changed };
  const nodes = followCollection<NodePlace>({
    ...common,
    path: '/api/v1/nodes',
    query: {},
    read: (object) => nodePlace(object, rackLabel),
  });
  const pods = selection.pods.map(({ namespace, namespaces, labels, selector }) => {
    const wanted = namespaces && new Set(namespaces);
    return followCollection({
      ...common,
      path: namespace === undefined ? '/api/v1/pods' : `/api/v1/namespaces/${namespace}/pods`,
      query: selectorOf(labels, selector),
      read: (object) => podPlace(object).filter((place) => wanted?.has(place.namespace) ?? true),
    });
  });
  const slices = selection.services.map(({ namespace, name }) =>
    followCollection({
      ...common,
      path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
      query: selectorOf({ 'kubernetes.io/service-name': name }),
      read: slicePlaces,
    }),
  );
  const all = [nodes, ...pods, ...slices];

  function changed(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      // A part of the peers would be taken for all of them, and the others' series would end.
      if (signal.aborted || !all.every(({ listed }) => listed())) return;
      const places = [...pods, ...slices].flatMap((collection) => [...collection.places()]);
      onPeers(peersOf({ nodes: nodes.places(), pods: places }, selection));
    }, gatherMs);
  }

  return {
    problem: () =>
      all.every(({ listed }) => listed()) ? undefined : 'the peers are not listed yet',
    nodeOf: (name) => Iterator.from(nodes.places()).find((node) => node.name === name),
    ended: Promise.all(all.map(({ ended }) => ended)).then(() => clearTimeout(timer)),
  };
}

function selectorOf(
  labels: Readonly<Record<string, string>>,
  selector?: string,
): Record<string, string> {
  const equal = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const terms = selector === undefined ? equal : [...equal, selector];
  return terms.length === 0 ? {} : { labelSelector: terms.join(',') };
}
