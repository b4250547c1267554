import type { KubeClient } from '../../shared/kubernetes/client.ts';
import type { Listing } from '../../shared/kubernetes/list-pages.ts';
import { startWatch, type WatchStart } from '../../shared/kubernetes/watch.ts';
import type { Log } from '../../shared/log.ts';
import type { WallClock } from '../../shared/wall-clock.ts';
import type { PodEvent } from '../core/pod-snapshot.ts';
import type { PodSelector, TargetRules } from '../core/target.ts';
import { podSnapshot } from './pod-object.ts';

/** One collection to follow. */
export interface WatchPlan {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface WatchScope {
  /** Watch all pods of this node. */
  readonly nodeName: string | undefined;
  /** Watch all pods that are chosen. */
  readonly chosen: boolean;
}

/** The fewest collections that hold every pod that matters. */
export function planWatches(scope: WatchScope, rules: TargetRules): readonly WatchPlan[] {
  const plans: WatchPlan[] = [];
  if (scope.nodeName !== undefined)
    plans.push({
      path: '/api/v1/pods',
      query: { fieldSelector: `spec.nodeName=${scope.nodeName}` },
    });
  if (scope.chosen) {
    const selectors = [...rules.probed, ...rules.foreign, ...rules.observed];
    plans.push(...selectors.flatMap(plansOf));
  }
  const known = new Map(plans.map((plan) => [JSON.stringify(plan), plan]));
  return [...known.values()];
}

function plansOf({ namespaces, labels }: PodSelector): WatchPlan[] {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const query: Record<string, string> = labelSelector === '' ? {} : { labelSelector };
  if (namespaces.length === 0) return [{ path: '/api/v1/pods', query }];
  return namespaces.map((namespace) => ({ path: `/api/v1/namespaces/${namespace}/pods`, query }));
}

export interface PodWatchOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly plans: readonly WatchPlan[];
  /** Pods' metadata is enough: nobody asks for their status. */
  readonly metadataOnly: boolean;
  readonly annotation: string;
  readonly onEvent: (event: PodEvent) => void;
}

const metadataAccept = [
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  'application/json',
].join(',');

/** A client whose answers hold no more of each object than its metadata. */
function metadataClient(client: KubeClient): KubeClient {
  const headers = { Accept: metadataAccept };
  return {
    ...client,
    request: (request, limits) => client.request({ ...request, headers }, limits),
    stream: (request, limits) => client.stream({ ...request, headers }, limits),
  };
}

export type PodWatchStart =
  { readonly kind: 'open' } | { readonly kind: 'failed'; readonly problem: string };

/**
 * Lists and follows the pods of every plan; a pod that two plans hold is told twice, and gone when the last of
 * them lost it. Resolves when all first lists are in, or with what stood against it, nothing then running. A
 * refusal is no end either: rights may be granted after the program began.
 */
export async function startPodWatches(options: PodWatchOptions): Promise<PodWatchStart> {
  const attempt = new AbortController();
  const follow = (): void => attempt.abort();
  options.signal.addEventListener('abort', follow, { once: true });
  if (options.signal.aborted) follow();
  const holders = new Map<string, number>();
  const starts = await Promise.all(
    options.plans.map((plan) =>
      startPodWatch(plan, { ...options, signal: attempt.signal }, holders),
    ),
  );
  for (const [index, start] of starts.entries()) {
    if (start.kind === 'open') continue;
    attempt.abort();
    const plan = options.plans[index];
    const problem = `listing ${plan?.path} ${JSON.stringify(plan?.query)}: ${start.message}`;
    return { kind: 'failed', problem };
  }
  return { kind: 'open' };
}

/** Turns the changes of one collection into events. */
function createPodReader(
  { annotation, onEvent }: PodWatchOptions,
  holders: Map<string, number>,
): {
  readonly listing: () => Listing;
  readonly change: (type: string, object: unknown, atMs: number) => void;
} {
  const mine = new Set<string>();

  function seen(object: unknown, atMs: number): string | undefined {
    const pod = podSnapshot(object, annotation);
    if (pod === undefined) return undefined;
    if (!mine.has(pod.uid)) {
      mine.add(pod.uid);
      holders.set(pod.uid, (holders.get(pod.uid) ?? 0) + 1);
    }
    onEvent({ kind: 'seen', pod, atMs });
    return pod.uid;
  }

  function gone(uid: string, atMs: number): void {
    if (!mine.delete(uid)) return;
    const left = (holders.get(uid) ?? 1) - 1;
    if (left > 0) return void holders.set(uid, left);
    holders.delete(uid);
    onEvent({ kind: 'gone', uid, atMs });
  }

  return {
    listing: () => {
      const listed = new Set<string | undefined>();
      return {
        page: (items, atNs) => {
          for (const item of items) listed.add(seen(item, toMs(atNs)));
        },
        end: (atNs) => {
          for (const uid of mine) if (!listed.has(uid)) gone(uid, toMs(atNs));
        },
      };
    },
    change: (type, object, atMs) => {
      const uid = seen(object, atMs);
      if (type === 'DELETED' && uid !== undefined) gone(uid, atMs);
    },
  };
}

function toMs(ns: bigint): number {
  return Number(ns / 1000n) / 1000;
}

async function startPodWatch(
  plan: WatchPlan,
  options: PodWatchOptions,
  holders: Map<string, number>,
): Promise<WatchStart> {
  const { metadataOnly, clock, log, signal } = options;
  const reader = createPodReader(options, holders);
  const { start } = await startWatch({
    ...plan,
    client: metadataOnly ? metadataClient(options.client) : options.client,
    clock,
    log,
    signal,
    listing: reader.listing,
    onEvent: ({ type, object, arrivalNs }) => reader.change(type, object, toMs(arrivalNs)),
  });
  return start;
}
