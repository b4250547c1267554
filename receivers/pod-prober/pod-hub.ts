import { backoffMs, type Backoff } from '../shared/backoff.ts';
import { sleep } from '../shared/deadline.ts';
import type { Log } from '../shared/log.ts';
import type { KubeClient } from '../shared/kubernetes/client.ts';
import type { Listing } from '../shared/kubernetes/list-pages.ts';
import { startWatch, type Watch, type WatchStart } from '../shared/kubernetes/watch.ts';
import type { WallClock } from '../shared/wall-clock.ts';
import { hear, noFacts, type Facts, type Heard } from './facts.ts';
import { leftover, type Leftover } from './leftover.ts';
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
  /** Probe pods that are there now and that nobody follows here. */
  readonly leftovers: () => readonly Leftover[];
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

/** Waits between the tries to open the watch on Events. */
const defaultEventsBackoff: Backoff = { baseMs: 1000, capMs: 60_000 };

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
  /** What is there, by name: no more than the namespace holds. */
  readonly #present = new Map<string, Leftover>();

  leftovers(): Leftover[] {
    return [...this.#present.values()].filter(({ name }) => !this.followers.has(name));
  }

  pod(type: string, object: ApiPod, arrivalNs: bigint): void {
    const name = object.metadata?.name ?? '';
    const follower = this.followers.get(name);
    if (follower !== undefined) this.#hear(follower, { type, object, arrivalNs });
    const kept = type === 'DELETED' ? null : leftover(object);
    if (kept === null) this.#present.delete(name);
    else this.#present.set(name, kept);
  }

  #hear(
    follower: Follower,
    told: { readonly type: string; readonly object: ApiPod; readonly arrivalNs: bigint },
  ): void {
    const { type, object, arrivalNs } = told;
    const pod = podState(object);
    follower.hear(
      type === 'DELETED' ? { kind: 'gone', pod, arrivalNs } : { kind: 'pod', pod, arrivalNs },
    );
  }

  /** A list tells what is there; a followed pod that was seen and is not there any more is gone. */
  listing(): Listing {
    const present = new Set<string | undefined>();
    this.#present.clear();
    return {
      page: (items, arrivalNs) => {
        for (const item of items as readonly ApiPod[]) {
          present.add(item.metadata?.name);
          this.pod('MODIFIED', item, arrivalNs);
        }
      },
      end: (arrivalNs) => {
        for (const [name, follower] of this.followers) {
          const seen = follower.facts.sights.found !== undefined;
          if (seen && !present.has(name))
            follower.hear({ kind: 'gone', pod: undefined, arrivalNs });
        }
      },
    };
  }

  event(object: ApiEvent, arrivalNs: bigint): void {
    const follower = this.followers.get(object.involvedObject?.name ?? '');
    follower?.hear({ kind: 'note', note: podNote(object), arrivalNs });
  }
}

type Opening = Promise<{ readonly start: WatchStart; readonly watch: Watch }>;

function watchEvents(
  namespacePath: string,
  board: Switchboard,
  edge: Edge & { readonly signal: AbortSignal },
): Opening {
  return startWatch({
    ...edge,
    path: `${namespacePath}/events`,
    query: { fieldSelector: 'involvedObject.kind=Pod' },
    // Events older than the run are about other pods: no listing.
    onEvent: ({ type, object, arrivalNs }) => {
      if (type !== 'DELETED') board.event(object as ApiEvent, arrivalNs);
    },
  });
}

interface EventsWatch {
  readonly live: () => boolean;
  /** Resolves when the watch, and the tries to open it, have ended. */
  readonly ended: Promise<void>;
}

/** Whether another try may succeed: all but a refusal of the identity or its rights. */
function mayOpen(start: WatchStart): boolean {
  if (start.kind === 'refused') return start.status !== 401 && start.status !== 403;
  return start.kind === 'unreachable';
}

/** Says that Events cannot be heard, and tries on in the background where that may pass. */
function keepOpening(
  first: Awaited<Opening>,
  open: () => Opening,
  edge: { readonly log: Log; readonly signal: AbortSignal; readonly backoff: Backoff },
): EventsWatch {
  let { start, watch } = first;
  if (start.kind !== 'open') {
    const why = start.message;
    edge.log.warn(
      { why },
      'Events cannot be watched: phases come from conditions and the pod watch',
    );
  }
  const opening = async (): Promise<void> => {
    for (let attempt = 0; mayOpen(start) && !edge.signal.aborted; attempt++) {
      await sleep(backoffMs(edge.backoff, attempt, Math.random), edge.signal);
      if (edge.signal.aborted) return;
      ({ start, watch } = await open());
      if (start.kind === 'open') edge.log.info({}, 'Events can be watched now');
    }
    await watch.ended;
  };
  return { live: () => watch.live(), ended: opening() };
}

/**
 * Opens both watches before anything is created. Where Events cannot be heard the hub works on, says
 * so, and tries again unless the right is missing; without pods it does not start.
 */
export async function openPodHub(
  namespace: string,
  ends: Edge & {
    /** Ends the opening; an open hub only ends by close(), for clean-up needs it. */
    readonly opening: AbortSignal;
    readonly eventsBackoff?: Backoff;
  },
): Promise<HubStart> {
  const { opening, eventsBackoff = defaultEventsBackoff, ...edge } = ends;
  const stop = new AbortController();
  const giveUp = (): void => stop.abort();
  if (opening.aborted) giveUp();
  opening.addEventListener('abort', giveUp);
  try {
    return await openBoth(namespace, { ...edge, eventsBackoff }, stop);
  } finally {
    opening.removeEventListener('abort', giveUp);
  }
}

async function openBoth(
  namespace: string,
  ends: Edge & { readonly eventsBackoff: Backoff },
  stop: AbortController,
): Promise<HubStart> {
  const { eventsBackoff: backoff, ...edge } = ends;
  const board = new Switchboard();
  const namespacePath = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const { signal: stopped } = stop;
  const openEvents = (): Opening => watchEvents(namespacePath, board, { ...edge, signal: stopped });
  const eventsOpening = openEvents();
  const pods = await startWatch({
    ...edge,
    signal: stopped,
    path: `${namespacePath}/pods`,
    query: { labelSelector: `${appLabel.key}=${appLabel.value}` },
    listing: () => board.listing(),
    onEvent: ({ type, object, arrivalNs }) => board.pod(type, object as ApiPod, arrivalNs),
  });
  if (pods.start.kind !== 'open') {
    stop.abort();
    await eventsOpening;
    return pods.start;
  }
  const events = keepOpening(await eventsOpening, openEvents, {
    log: edge.log,
    signal: stopped,
    backoff,
  });
  return {
    kind: 'open',
    hub: {
      leftovers: () => board.leftovers(),
      hearsEvents: events.live,
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
        await Promise.all([pods.watch.ended, events.ended]);
      },
    },
  };
}
