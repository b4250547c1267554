import { backoffMs, type Backoff } from '../../shared/backoff.ts';
import { sleep } from '../../shared/deadline.ts';
import type { KubeClient } from '../../shared/kubernetes/client.ts';
import { startWatch, type Watch } from '../../shared/kubernetes/watch.ts';
import type { Log } from '../../shared/log.ts';
import type { WallClock } from '../../shared/wall-clock.ts';
import type { PodEvent } from '../core/pod-snapshot.ts';
import { createPodReaders, type PodReader } from './pod-reader.ts';
import { collectionOf, holdsAnywhere, type WatchPlan } from './watch-plan.ts';

export interface PodWatchOptions {
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly plans: readonly WatchPlan[];
  readonly annotation: string;
  /** No watch may be interrupted for longer, or what is known of pods counts as out of date. */
  readonly interruptionMs: number;
  readonly onEvent: (event: PodEvent) => void;
  readonly backoff?: Backoff;
}

/** The collections of all plans, each followed by itself until the signal ends. */
export interface PodWatches {
  /** Resolves once every collection was listed and is watched, or the signal ended. */
  readonly listed: Promise<void>;
  /** Watches that stand now. */
  readonly live: () => number;
  /** Why what is known of pods is not up to date, naming the collection; undefined: it is. */
  readonly problem: () => string | undefined;
}

/** Rights may be granted, and the API server may come, after the program began: it asks on. */
const defaultBackoff: Backoff = { baseMs: 500, capMs: 10_000 };

/** Lists and follows the pods of every plan, one that is refused beside the others. */
export function startPodWatches(options: PodWatchOptions): PodWatches {
  const { plans, annotation, signal } = options;
  const readers = createPodReaders(annotation, (event) => {
    if (!signal.aborted) options.onEvent(event);
  });
  const wholes = plans.filter(({ whole }) => whole);
  const followed = plans.map((plan) => {
    // What a whole pod's status says is not to be taken back by its metadata alone.
    const reader = readers.open(
      (pod) => plan.whole || !wholes.some((whole) => holdsAnywhere(whole, pod)),
    );
    return followPlan(plan, reader, options);
  });
  return {
    listed: Promise.all(followed.map(({ listed }) => listed)).then(() => undefined),
    live: () => followed.filter(({ live }) => live()).length,
    problem: () => followed.map(({ problem }) => problem()).find((each) => each !== undefined),
  };
}

interface Followed {
  readonly listed: Promise<void>;
  readonly live: () => boolean;
  readonly problem: () => string | undefined;
}

/** Asks for a collection until it is listed and watched; from then on the watch keeps itself. */
function followPlan(plan: WatchPlan, reader: PodReader, options: PodWatchOptions): Followed {
  const { clock, log, signal, backoff = defaultBackoff, interruptionMs } = options;
  const client = plan.whole ? options.client : metadataClient(options.client);
  const collection = collectionOf(plan);
  const where = `${collection.path} ${JSON.stringify(collection.query)}`;
  let watch: Watch | undefined;
  let refusal: string | undefined;

  async function open(): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      const opened = await startWatch({ ...collection, ...reader, client, clock, log, signal });
      if (opened.start.kind === 'open') {
        watch = opened.watch;
        if (refusal !== undefined) log.info({ where }, 'pods listed now');
        return;
      }
      const { message } = opened.start;
      if (message !== refusal && !signal.aborted)
        log.warn({ where, problem: message }, 'pods not listed, trying again');
      refusal = message;
      await sleep(backoffMs(backoff, failures, Math.random), signal);
    }
  }

  return {
    listed: open(),
    live: () => watch?.live() ?? false,
    problem: () => {
      if (watch === undefined) return `${where} is not listed yet${refusal ? `: ${refusal}` : ''}`;
      const downMs = watch.downMs();
      return downMs > interruptionMs
        ? `${where} is not watched for ${Math.round(downMs / 1000)} s`
        : undefined;
    },
  };
}

/** A watch is asked for the kind of each of its objects; asked for a list, it tells of none that could be read. */
function metadataAs(kind: 'PartialObjectMetadataList' | 'PartialObjectMetadata'): object {
  return { headers: { Accept: `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json` } };
}

/** A client whose answers hold no more of each object than its metadata. */
function metadataClient(client: KubeClient): KubeClient {
  const [list, each] = [
    metadataAs('PartialObjectMetadataList'),
    metadataAs('PartialObjectMetadata'),
  ];
  return {
    ...client,
    request: (request, limits) => client.request({ ...request, ...list }, limits),
    stream: (request, limits) => client.stream({ ...request, ...each }, limits),
  };
}
