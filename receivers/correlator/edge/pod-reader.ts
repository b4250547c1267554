import type { Listing } from '../../shared/kubernetes/list-pages.ts';
import type { WatchOptions } from '../../shared/kubernetes/watch.ts';
import type { PodEvent, PodSnapshot } from '../core/pod-snapshot.ts';
import { podSnapshot } from './pod-object.ts';

/** Turns what is heard of one collection, over all tries to follow it, into events. */
export interface PodReader {
  readonly listing: () => Listing;
  readonly onEvent: WatchOptions['onEvent'];
}

export interface PodReaders {
  /** A reader for one more collection, of those of its pods that concern it. */
  readonly open: (concerns: (pod: PodSnapshot) => boolean) => PodReader;
}

/** Readers of collections that overlap: a pod that two hold is told twice, and gone when the last of them lost it. */
export function createPodReaders(
  annotation: string,
  onEvent: (event: PodEvent) => void,
): PodReaders {
  const holders = new Map<string, number>();
  return { open: (concerns) => openReader({ annotation, onEvent, holders, concerns }) };
}

interface ReaderParts {
  readonly annotation: string;
  readonly onEvent: (event: PodEvent) => void;
  /** By uid: how many readers hold the pod. */
  readonly holders: Map<string, number>;
  readonly concerns: (pod: PodSnapshot) => boolean;
}

function openReader({ annotation, onEvent, holders, concerns }: ReaderParts): PodReader {
  const mine = new Set<string>();

  function seen(object: unknown, atMs: number): string | undefined {
    const pod = podSnapshot(object, annotation);
    if (pod === undefined) return undefined;
    if (!concerns(pod)) return pod.uid;
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
    onEvent: ({ type, object, arrivalNs }) => {
      const uid = seen(object, toMs(arrivalNs));
      if (type === 'DELETED' && uid !== undefined) gone(uid, toMs(arrivalNs));
    },
  };
}

function toMs(ns: bigint): number {
  return Number(ns / 1000n) / 1000;
}
