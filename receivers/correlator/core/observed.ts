import { maxSights, type StatusSight } from '../../shared/kubernetes/pod-evidence.ts';
import { derivedSpanId } from '../../shared/derived-id.ts';
import { createBoundedMap } from './bounded-map.ts';
import { momentOf, type Moment } from './moment.ts';
import { observedSpanNames } from './phase.ts';
import type { ContainerSnapshot, PodEvent, PodSnapshot } from './pod-snapshot.ts';
import { hasEnded } from './pods.ts';
import { observedTraceId } from './target.ts';

/** A span that stands for a part of a watched pod's life. */
export interface PhaseSpan {
  readonly pod: Pick<PodSnapshot, 'uid' | 'namespace' | 'name' | 'nodeName'>;
  /** 32 and 16 hex digits. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly start: Moment;
  readonly end: Moment;
  readonly attributes: Readonly<Record<string, string>>;
  readonly events: readonly PhaseEvent[];
  /** Why the phase did not end as it should; undefined: it did. */
  readonly failure: string | undefined;
}

/** What the pod's status said, at the time we heard it first. */
export interface PhaseEvent extends Omit<StatusSight, 'key'> {
  readonly atMs: number;
}

export interface ObserverOptions {
  /** This pod is observed, and by us. */
  readonly concerns: (pod: PodSnapshot) => boolean;
  /** A start-up that takes longer is told as it is by then. */
  readonly giveUpMs: number;
  /** A pod that ran to its end and is not deleted is told this long afterwards. */
  readonly lingerMs: number;
  /** Most pods followed at a time. */
  readonly maxPods: number;
}

/** Follows pods through their lives and tells each phase once, as far as it is known by then. */
export interface Observer {
  readonly pod: (event: PodEvent) => readonly PhaseSpan[];
  readonly tick: (nowMs: number) => readonly PhaseSpan[];
  /** Pods followed now. */
  readonly size: () => number;
}

interface Container extends ContainerSnapshot {
  readonly started: Moment;
}

interface Followed {
  pod: PodSnapshot;
  readonly created: Moment;
  scheduled: Moment | undefined;
  initialized: Moment | undefined;
  ready: Moment | undefined;
  ending: Moment | undefined;
  readonly containers: Map<string, Container>;
  /** What its status said until it was told of, by the key of each. */
  readonly said: Map<string, PhaseEvent>;
  told: boolean;
}

export function createObserver(options: ObserverOptions): Observer {
  const followed = new Map<string, Followed>();
  /** Told to the end although they are still there. */
  const over = createBoundedMap<true>(options.maxPods);

  function see(pod: PodSnapshot, atMs: number): readonly PhaseSpan[] {
    const known = followed.get(pod.uid);
    if (known === undefined) {
      if (over.get(pod.uid) === true || !options.concerns(pod)) return [];
      if (followed.size >= options.maxPods) return [];
      if (hasEnded(pod) && atMs - pod.createdMs > options.lingerMs) {
        over.set(pod.uid, true);
        return [];
      }
      followed.set(pod.uid, begin(pod, atMs, options));
      return see(pod, atMs);
    }
    known.pod = pod;
    note(known, atMs);
    if (known.told || (known.ready === undefined && known.ending === undefined)) return [];
    known.told = true;
    return startUp(known, known.ready ?? known.ending ?? heard(atMs));
  }

  function leave(uid: string, atMs: number): readonly PhaseSpan[] {
    const life = followed.get(uid);
    if (life === undefined) return [];
    followed.delete(uid);
    const end = heard(atMs);
    life.ending ??= end;
    return [...(life.told ? [] : startUp(life, end)), termination(life, life.ending, end)];
  }

  function tick(nowMs: number): readonly PhaseSpan[] {
    const spans: PhaseSpan[] = [];
    for (const [uid, life] of followed) {
      const now = heard(nowMs);
      if (!life.told && nowMs - life.created.atMs > options.giveUpMs) {
        life.told = true;
        spans.push(...startUp(life, now));
      }
      if (!hasEnded(life.pod) || life.ending === undefined) continue;
      if (life.pod.deletionMs !== undefined || nowMs - life.ending.atMs < options.lingerMs)
        continue;
      followed.delete(uid);
      over.set(uid, true);
      spans.push(termination(life, life.ending, life.ending));
    }
    return spans;
  }

  return {
    pod: (event) =>
      event.kind === 'seen' ? see(event.pod, event.atMs) : leave(event.uid, event.atMs),
    tick,
    size: () => followed.size,
  };
}

function heard(atMs: number): Moment {
  return { atMs, source: 'watch', uncertaintyMs: 0 };
}

/** A pod that was ready, or old, when we first saw it has been told of by who ran before us. */
function begin(pod: PodSnapshot, atMs: number, { giveUpMs }: ObserverOptions): Followed {
  const createdMs = pod.staticSeenMs ?? pod.createdMs;
  const wasReady = pod.status?.readyMs !== undefined && atMs - pod.status.readyMs > 2000;
  const told = wasReady || atMs - createdMs > giveUpMs;
  return {
    pod,
    created: { atMs: createdMs, source: 'status', uncertaintyMs: 1000 },
    scheduled: undefined,
    initialized: undefined,
    ready: undefined,
    ending: undefined,
    containers: new Map(),
    said: new Map(),
    told: told || hasEnded(pod),
  };
}

function note(life: Followed, atMs: number): void {
  const { status, deletionMs } = life.pod;
  const once = (known: Moment | undefined, statusMs: number | undefined): Moment | undefined =>
    known ?? (statusMs === undefined ? undefined : momentOf(statusMs, atMs));
  life.scheduled = once(life.scheduled, status?.scheduledMs);
  life.initialized = once(life.initialized, status?.initializedMs);
  life.ready = once(life.ready, status?.readyMs);
  life.ending = once(life.ending, deletionMs);
  if (hasEnded(life.pod)) life.ending ??= heard(atMs);
  if (!life.told) listen(life, atMs);
  for (const container of status?.containers ?? []) {
    if (container.startedMs === undefined || life.containers.has(container.name)) continue;
    const started = momentOf(container.startedMs, atMs);
    life.containers.set(container.name, { ...container, started });
  }
}

function listen({ pod, said }: Followed, atMs: number): void {
  for (const { key, name, attributes } of pod.status?.says ?? []) {
    if (said.has(key) || said.size >= maxSights) continue;
    said.set(key, { name, attributes, atMs });
  }
}

const latest = (moments: readonly Moment[]): Moment | undefined =>
  moments.toSorted((a, b) => a.atMs - b.atMs).at(-1);

interface Part {
  readonly name: string;
  readonly start: Moment;
  readonly end: Moment | undefined;
  readonly under: string | undefined;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly events?: readonly PhaseEvent[];
}

/** The phases of a start-up; what had not ended by `end` is told up to there, as a failure. */
function startUp(life: Followed, end: Moment): readonly PhaseSpan[] {
  const { root, schedule, start, ready } = observedSpanNames;
  const { created, scheduled, initialized } = life;
  const containers = [...life.containers.values()];
  const inits = life.pod.status?.containers.some((container) => container.init) === true;
  const expected = life.pod.status?.containers.length ?? 0;
  const begun = scheduled ?? created;
  const allStarted = containers.length > 0 && containers.length >= expected;
  const started = allStarted ? latest(containers.map((each) => each.started)) : undefined;
  const outcome = outcomeOf(life);
  const whole: Part = {
    name: root,
    start: created,
    end: outcome === 'ok' ? end : undefined,
    under: undefined,
    attributes: life.pod.status?.waits ?? {},
    events: [...life.said.values()],
  };
  life.said.clear();
  const parts: Part[] = [
    whole,
    { name: schedule, start: created, end: scheduled, under: root },
    { name: start, start: begun, end: started, under: root },
    { name: ready, start: started ?? begun, end: life.ready, under: root },
    ...(inits ? [{ name: 'pod.initialize', start: begun, end: initialized, under: start }] : []),
    ...containers.map((container) => ({
      name: `pod.container#${container.name}`,
      start: container.init ? begun : (initialized ?? begun),
      end: container.started,
      under: start,
      attributes: { 'k8s.container.name': container.name },
    })),
  ];
  return parts.map((part) => toSpan(life, part, end, outcome));
}

function outcomeOf({ ready, pod }: Followed): string {
  if (ready !== undefined || pod.status?.phase === 'Succeeded') return 'ok';
  if (pod.status?.phase === 'Failed') return 'failed';
  return pod.deletionMs === undefined ? 'not_ready' : 'deleted';
}

function termination(life: Followed, start: Moment, end: Moment): PhaseSpan {
  const { root, cleanup } = observedSpanNames;
  return toSpan(life, { name: cleanup, start, end, under: root }, end, 'ok');
}

function toSpan(life: Followed, part: Part, cutAt: Moment, outcome: string): PhaseSpan {
  const traceId = observedTraceId(life.pod.uid);
  const end = part.end ?? cutAt;
  return {
    pod: life.pod,
    traceId,
    spanId: derivedSpanId(traceId, part.name),
    parentId: part.under === undefined ? undefined : derivedSpanId(traceId, part.under),
    name: part.name,
    start: part.start,
    // Two clocks may disagree by less than their uncertainty; a span does not end before it begins.
    end: end.atMs < part.start.atMs ? { ...end, atMs: part.start.atMs } : end,
    attributes: { ...part.attributes, outcome },
    events: part.events ?? [],
    failure: part.end === undefined ? `not reached: ${outcome}` : undefined,
  };
}
