import type { Log } from '../shared/log.ts';
import type { KubeClient } from '../shared/kubernetes/client.ts';
import { startWatch, type Watch, type WatchStart } from '../shared/kubernetes/watch.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import { hear, noFacts, type Facts, type Heard } from './facts.ts';
import { podNote, podState, type ApiEvent, type ApiPod } from './pod-objects.ts';
import { appLabel, instanceLabel } from './pod-spec.ts';

/** What is known about one pod, growing while it is followed. */
export interface FollowedPod {
  readonly facts: () => Facts;
  /** Resolves when the facts satisfy the condition, or with `ended` when the signal ends. */
  readonly until: (
    satisfied: (facts: Facts) => boolean,
    signal: AbortSignal,
  ) => Promise<'met' | 'ended'>;
  readonly close: () => void;
}

/** One watch on pods and one on Events, shared by all probes of a run; lookups are by pod name. */
export interface PodHub {
  readonly follow: (podName: string) => FollowedPod;
  /** Probe pods that were there when the watch began. */
  readonly found: readonly ApiPod[];
  /** Whether Events can be heard; without them phases come from conditions and the watch. */
  readonly hearsEvents: () => boolean;
  /** Stops both watches and waits for their end. */
  readonly close: () => Promise<void>;
}

export type HubStart =
  { readonly kind: 'open'; readonly hub: PodHub } | Exclude<WatchStart, { readonly kind: 'open' }>;

interface Edge {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
}

class Follower {
  #facts = noFacts;
  readonly #waiting = new Set<() => void>();

  get facts(): Facts {
    return this.#facts;
  }

  hear(heard: Heard): void {
    this.#facts = hear(this.#facts, heard, instanceLabel);
    for (const look of this.#waiting) look();
  }

  until(satisfied: (facts: Facts) => boolean, signal: AbortSignal): Promise<'met' | 'ended'> {
    if (satisfied(this.#facts)) return Promise.resolve('met');
    if (signal.aborted) return Promise.resolve('ended');
    return new Promise((resolve) => {
      const finish = (how: 'met' | 'ended'): void => {
        this.#waiting.delete(look);
        signal.removeEventListener('abort', end);
        resolve(how);
      };
      const look = (): void => {
        if (satisfied(this.#facts)) finish('met');
      };
      const end = (): void => finish('ended');
      this.#waiting.add(look);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}

/** Sends what the two watches tell to the follower of the pod it is about. */
class Switchboard {
  readonly followers = new Map<string, Follower>();

  pod(type: string, object: ApiPod, arrivalNs: bigint): void {
    const follower = this.followers.get(object.metadata?.name ?? '');
    if (follower === undefined) return;
    const pod = podState(object);
    follower.hear(
      type === 'DELETED' ? { kind: 'gone', pod, arrivalNs } : { kind: 'pod', pod, arrivalNs },
    );
  }

  /** A list tells what is there; a followed pod that was seen and is not there any more is gone. */
  list(items: readonly ApiPod[], arrivalNs: bigint): void {
    const present = new Set(items.map((item) => item.metadata?.name));
    for (const item of items) this.pod('MODIFIED', item, arrivalNs);
    for (const [name, follower] of this.followers) {
      const seen = follower.facts.sights.found !== undefined;
      if (seen && !present.has(name)) follower.hear({ kind: 'gone', pod: undefined, arrivalNs });
    }
  }

  event(object: ApiEvent, arrivalNs: bigint): void {
    const follower = this.followers.get(object.involvedObject?.name ?? '');
    follower?.hear({ kind: 'note', note: podNote(object), arrivalNs });
  }
}

function watchEvents(
  namespacePath: string,
  board: Switchboard,
  edge: Edge & { readonly signal: AbortSignal },
): Promise<{ start: WatchStart; watch: Watch }> {
  return startWatch({
    ...edge,
    path: `${namespacePath}/events`,
    query: { fieldSelector: 'involvedObject.kind=Pod' },
    listQuery: { limit: '1' },
    onList: () => {
      // Events older than the run are about other pods; only the list's version is wanted.
    },
    onEvent: ({ type, object, arrivalNs }) => {
      if (type !== 'DELETED') board.event(object as ApiEvent, arrivalNs);
    },
  });
}

/**
 * Opens both watches before anything is created. Without the right to hear Events the hub works on
 * and says so; without pods it does not start.
 */
export async function openPodHub(
  namespace: string,
  ends: Edge & {
    /** Ends the opening; an open hub only ends by close(), for clean-up needs it. */
    readonly opening: AbortSignal;
  },
): Promise<HubStart> {
  const { opening, ...edge } = ends;
  const stop = new AbortController();
  const giveUp = (): void => stop.abort();
  if (opening.aborted) giveUp();
  opening.addEventListener('abort', giveUp);
  try {
    return await openBoth(namespace, edge, stop);
  } finally {
    opening.removeEventListener('abort', giveUp);
  }
}

async function openBoth(namespace: string, edge: Edge, stop: AbortController): Promise<HubStart> {
  const board = new Switchboard();
  const namespacePath = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  let found: readonly ApiPod[] | undefined;
  const eventsOpening = watchEvents(namespacePath, board, { ...edge, signal: stop.signal });
  const pods = await startWatch({
    ...edge,
    signal: stop.signal,
    path: `${namespacePath}/pods`,
    query: { labelSelector: `${appLabel.key}=${appLabel.value}` },
    onList: (items, arrivalNs) => {
      found ??= items as readonly ApiPod[];
      board.list(items as readonly ApiPod[], arrivalNs);
    },
    onEvent: ({ type, object, arrivalNs }) => board.pod(type, object as ApiPod, arrivalNs),
  });
  if (pods.start.kind !== 'open') {
    stop.abort();
    await eventsOpening;
    return pods.start;
  }
  const events = await eventsOpening;
  if (events.start.kind !== 'open') {
    const why = events.start.message;
    edge.log.warn(
      { why },
      'Events cannot be watched: phases come from conditions and the pod watch',
    );
  }
  return {
    kind: 'open',
    hub: {
      found: found ?? [],
      hearsEvents: () => events.watch.live(),
      follow: (podName) => {
        const follower = new Follower();
        board.followers.set(podName, follower);
        return {
          facts: () => follower.facts,
          until: (satisfied, signal) => follower.until(satisfied, signal),
          close: () => board.followers.delete(podName),
        };
      },
      close: async () => {
        stop.abort();
        await Promise.all([pods.watch.ended, events.watch.ended]);
      },
    },
  };
}
