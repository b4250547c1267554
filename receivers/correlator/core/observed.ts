import { createBoundedMap } from './bounded-map.ts';
import { beginLife, heard, note, type Life } from './life.ts';
import { startUp, termination, type PhaseSpan } from './life-spans.ts';
import type { Moment } from './moment.ts';
import type { NodeBoot } from './node-boot.ts';
import type { PodEvent, PodSnapshot } from './pod-snapshot.ts';
import { hasEnded } from './pods.ts';

export interface ObserverOptions {
  /** This pod is observed, and by us. */
  readonly concerns: (pod: PodSnapshot) => boolean;
  /** A start-up that takes longer is told as it is by then. */
  readonly giveUpMs: number;
  /** A pod that ran to its end and is not deleted is told this long afterwards. */
  readonly lingerMs: number;
  /** Most pods followed at a time. */
  readonly maxPods: number;
  /** The boot of the node that a pod is one of the first on; undefined: it is not, or that is not known. */
  readonly bootOf?: (pod: PodSnapshot) => NodeBoot | undefined;
  /** So many pods' phases are not told: too many at a time, or the program ends before. */
  readonly untold: (pods: number) => void;
}

/** Follows pods through their lives and tells each phase once, as far as it is known by then. */
export interface Observer {
  readonly pod: (event: PodEvent) => readonly PhaseSpan[];
  readonly tick: (nowMs: number) => readonly PhaseSpan[];
  /** No more input comes. */
  readonly finish: () => void;
  /** Pods followed now. */
  readonly size: () => number;
}

/** Who has told of the pod's start-up: this program, one before it (as far as anyone did), or nobody yet. */
type Told = 'by us' | 'before' | 'not yet';

interface Followed {
  readonly life: Life;
  told: Told;
}

export function createObserver(options: ObserverOptions): Observer {
  const followed = new Map<string, Followed>();
  /** Told to the end although they are still there, or too many to be told. */
  const over = createBoundedMap<true>(options.maxPods);

  function follow(pod: PodSnapshot, atMs: number): Followed | undefined {
    const known = followed.get(pod.uid);
    if (known !== undefined) return known;
    if (over.get(pod.uid) === true || !options.concerns(pod)) return undefined;
    const isFull = followed.size >= options.maxPods;
    if (isFull) options.untold(1);
    if (isFull || (hasEnded(pod) && atMs - pod.createdMs > options.lingerMs)) {
      over.set(pod.uid, true);
      return undefined;
    }
    const begun = begin(pod, atMs, options);
    followed.set(pod.uid, begun);
    return begun;
  }

  function see(pod: PodSnapshot, atMs: number): readonly PhaseSpan[] {
    const each = follow(pod, atMs);
    if (each === undefined) return [];
    const { life, told } = each;
    note(life, pod, atMs, told === 'not yet');
    const end = life.ready ?? life.ending;
    return told === 'not yet' && end !== undefined ? tell(each, end, options) : [];
  }

  function leave(uid: string, atMs: number): readonly PhaseSpan[] {
    const each = followed.get(uid);
    if (each === undefined) return [];
    followed.delete(uid);
    const { life, told } = each;
    const end = heard(atMs);
    life.ending ??= end;
    return [...(told === 'not yet' ? tell(each, end, options) : []), endOf(each, life.ending, end)];
  }

  function tick(nowMs: number): readonly PhaseSpan[] {
    const spans: PhaseSpan[] = [];
    for (const [uid, each] of followed) {
      const { life, told } = each;
      if (told === 'not yet' && nowMs - life.created.atMs > options.giveUpMs)
        spans.push(...tell(each, heard(nowMs), options));
      const { ending, pod } = life;
      if (!hasEnded(pod) || ending === undefined || pod.deletionMs !== undefined) continue;
      if (nowMs - ending.atMs < options.lingerMs) continue;
      followed.delete(uid);
      over.set(uid, true);
      spans.push(endOf(each, ending, ending));
    }
    return spans;
  }

  return {
    pod: (event) =>
      event.kind === 'seen' ? see(event.pod, event.atMs) : leave(event.uid, event.atMs),
    tick,
    finish: () => {
      const untold = [...followed.values()].filter(({ told }) => told === 'not yet');
      options.untold(untold.length);
    },
    size: () => followed.size,
  };
}

function tell(
  each: Followed,
  end: Moment,
  { bootOf }: Pick<ObserverOptions, 'bootOf'>,
): readonly PhaseSpan[] {
  each.told = 'by us';
  return startUp(each.life, end, bootOf?.(each.life.pod));
}

function endOf({ life, told }: Followed, start: Moment, end: Moment): PhaseSpan {
  return termination(life, { start, end, underStartUp: told === 'by us' });
}

/** A pod that was ready, or old, when we first saw it has been told of by who ran before us. */
function begin(pod: PodSnapshot, atMs: number, { giveUpMs }: ObserverOptions): Followed {
  const life = beginLife(pod);
  const wasReady = pod.status?.readyMs !== undefined && atMs - pod.status.readyMs > 2000;
  const before = wasReady || atMs - life.created.atMs > giveUpMs || hasEnded(pod);
  return { life, told: before ? 'before' : 'not yet' };
}
