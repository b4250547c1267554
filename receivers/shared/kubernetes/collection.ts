import { isDeepStrictEqual } from 'node:util';

import { backoffMs } from '../backoff.ts';
import { sleep } from '../deadline.ts';
import type { KubeClient } from './client.ts';
import type { Listing } from './list-pages.ts';
import { startWatch } from './watch.ts';
import type { Log } from '../log.ts';
import type { WallClock } from '../wall-clock.ts';

export interface CollectionOptions<Place> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly client: KubeClient;
  readonly clock: WallClock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** What matters of an object; nothing: it is as good as not there. */
  readonly read: (object: unknown) => readonly Place[];
  /**
   * What `read` gives has changed, or was listed for the first time. Objects change more often: a kubelet writes its node's status
   * every 5 minutes, at least.
   */
  readonly onChange: () => void;
}

/** One collection of the API server as it is now. */
export interface Collection<Place> {
  readonly places: () => Iterable<Place>;
  /** Listed once, at least. */
  readonly listed: () => boolean;
  /** Why it is not listed; undefined: it is, or nothing went wrong yet. */
  readonly problem: () => string | undefined;
  /** Resolves when it has ended after its signal. */
  readonly ended: Promise<void>;
}

/** Rights may be granted, and the API server may come, after the program began: it asks on. */
const backoff = { baseMs: 500, capMs: 10_000 };

/** Lists a collection and follows it until the signal ends. Only what `read` gives is kept. */
export function followCollection<Place>(options: CollectionOptions<Place>): Collection<Place> {
  const { path, query, client, clock, log, signal, read, onChange } = options;
  let objects = new Map<string, readonly Place[]>();
  let isListed = false;
  let problem: string | undefined;

  function listing(): Listing {
    const listed = new Map<string, readonly Place[]>();
    return {
      page: (items) => {
        for (const item of items) listed.set(keyOf(item), read(item));
      },
      end: () => {
        const same = isListed && isDeepStrictEqual(present(listed), present(objects));
        objects = listed;
        isListed = true;
        problem = undefined;
        if (!same) onChange();
      },
    };
  }

  async function follow(): Promise<void> {
    let told = '';
    for (let failures = 0; !signal.aborted; failures++) {
      const { start, watch } = await startWatch({
        path,
        query,
        client,
        clock,
        log,
        signal,
        listing,
        onEvent: ({ type, object }) => {
          const key = keyOf(object);
          const before = objects.get(key) ?? [];
          const now = type === 'DELETED' ? [] : read(object);
          if (type === 'DELETED') objects.delete(key);
          else objects.set(key, now);
          if (!isDeepStrictEqual(now, before)) onChange();
        },
      });
      if (start.kind === 'open') return watch.ended;
      if (signal.aborted) return;
      if (start.message !== told)
        log.warn({ path, problem: start.message }, 'not listed, trying again');
      told = start.message;
      problem = start.message;
      await sleep(backoffMs(backoff, failures, Math.random), signal);
    }
  }

  return {
    places: function* places() {
      for (const each of objects.values()) yield* each;
    },
    listed: () => isListed,
    problem: () => problem,
    ended: follow(),
  };
}

/** Without the objects of which nothing matters. */
function present<Place>(
  objects: ReadonlyMap<string, readonly Place[]>,
): ReadonlyMap<string, readonly Place[]> {
  return new Map([...objects].filter(([, places]) => places.length > 0));
}

/** Names an object of one collection for as long as it is the same one. Empty: it is none. */
function keyOf(object: unknown): string {
  const { metadata } = (object ?? {}) as {
    readonly metadata?: { readonly name?: string; readonly namespace?: string };
  };
  return metadata?.name === undefined ? '' : `${metadata.namespace ?? ''}/${metadata.name}`;
}
