import { heard, beginLife, note, type Life } from './life.ts';
import { startUp, termination, unschedulable, type PhaseSpan } from './life-spans.ts';
import type { PodEvent, PodSnapshot } from './pod-snapshot.ts';

export interface UnplacedOptions {
  /** This pod is observed. */
  readonly concerns: (pod: PodSnapshot) => boolean;
  /** A pod that is on no node by then is told as it is. */
  readonly giveUpMs: number;
  /** The request that created a pod may be heard of this long after the pod. */
  readonly creationLateMs: number;
  /** Most pods followed at a time; beyond it the oldest is not. */
  readonly maxPods: number;
  /** So many pods' phases are not told: too many at a time. */
  readonly untold: (pods: number) => void;
}

/**
 * Follows observed pods while they are on no node, where no correlator of a node sees them. Every control-plane node
 * does; the one whose API server was asked to create a pod is the one that tells of it.
 */
export interface Unplaced {
  readonly pod: (event: PodEvent) => readonly PhaseSpan[];
  /** The pod was created through the API server beside us. */
  readonly created: (uid: string) => readonly PhaseSpan[];
  readonly tick: (nowMs: number) => readonly PhaseSpan[];
  readonly size: () => number;
}

interface Followed {
  readonly life: Life;
  ours: boolean;
  /** What is to be told, once the pod is known to be ours. */
  spans: readonly PhaseSpan[];
  /** It is on a node, gone, or given up since; undefined: still waiting for a node. */
  overMs: number | undefined;
}

export function createUnplaced(options: UnplacedOptions): Unplaced {
  const followed = new Map<string, Followed>();

  function follow(pod: PodSnapshot): Followed | undefined {
    const known = followed.get(pod.uid);
    if (known !== undefined || pod.nodeName !== undefined || !options.concerns(pod)) return known;
    const [oldest] = followed.keys();
    if (oldest !== undefined && followed.size >= options.maxPods) {
      followed.delete(oldest);
      options.untold(1);
    }
    const begun = { life: beginLife(pod), ours: false, spans: [], overMs: undefined };
    followed.set(pod.uid, begun);
    return begun;
  }

  function see(pod: PodSnapshot, atMs: number): readonly PhaseSpan[] {
    const each = follow(pod);
    if (each === undefined || each.overMs !== undefined) return [];
    const { life } = each;
    note(life, pod, atMs, true);
    if (pod.nodeName === undefined) return [];
    const [first] = life.said.values();
    const end = heard(atMs);
    return conclude(
      each,
      first === undefined ? [] : [unschedulable(life, heard(first.atMs), end)],
      atMs,
    );
  }

  function leave(uid: string, atMs: number): readonly PhaseSpan[] {
    const each = followed.get(uid);
    if (each === undefined || each.overMs !== undefined) return [];
    const { life } = each;
    const end = heard(atMs);
    life.ending ??= end;
    const last = termination(life, { start: life.ending, end, underStartUp: true });
    return conclude(each, [...startUp(life, end), last], atMs);
  }

  function conclude(
    each: Followed,
    spans: readonly PhaseSpan[],
    atMs: number,
  ): readonly PhaseSpan[] {
    each.overMs = atMs;
    each.spans = spans;
    if (each.ours || spans.length === 0) followed.delete(each.life.pod.uid);
    return each.ours ? spans : [];
  }

  function created(uid: string): readonly PhaseSpan[] {
    const each = followed.get(uid);
    if (each === undefined) return [];
    each.ours = true;
    if (each.overMs !== undefined) followed.delete(uid);
    return each.spans;
  }

  function tick(nowMs: number): readonly PhaseSpan[] {
    const spans: PhaseSpan[] = [];
    for (const [uid, each] of followed) {
      const { life, overMs } = each;
      if (overMs !== undefined && nowMs - overMs > options.creationLateMs) followed.delete(uid);
      if (overMs === undefined && nowMs - life.created.atMs > options.giveUpMs)
        spans.push(...conclude(each, startUp(life, heard(nowMs)), nowMs));
    }
    return spans;
  }

  return {
    pod: (event) =>
      event.kind === 'seen' ? see(event.pod, event.atMs) : leave(event.uid, event.atMs),
    created,
    tick,
    size: () => followed.size,
  };
}
