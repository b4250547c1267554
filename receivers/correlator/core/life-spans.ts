import { derivedSpanId } from '../../shared/derived-id.ts';
import type { Life, PhaseEvent } from './life.ts';
import type { Moment } from './moment.ts';
import type { NodeBoot } from './node-boot.ts';
import { observedSpanNames } from './phase.ts';
import type { PodSnapshot } from './pod-snapshot.ts';
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
  readonly links: readonly Pick<NodeBoot, 'traceId' | 'spanId'>[];
  /** Why the phase did not end as it should; undefined: it did. */
  readonly failure: string | undefined;
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
  readonly links?: PhaseSpan['links'];
}

/**
 * The phases of a start-up; what had not ended by `end` is told up to there, as a failure. `boot`: that of the node, where the pod was
 * one of the first on it.
 */
export function startUp(life: Life, end: Moment, boot?: NodeBoot): readonly PhaseSpan[] {
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
    links: boot === undefined ? [] : [boot],
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

function outcomeOf({ ready, ending, pod }: Life): string {
  if (ready !== undefined || pod.status?.phase === 'Succeeded') return 'ok';
  if (pod.status?.phase === 'Failed') return 'failed';
  return ending === undefined ? 'not_ready' : 'deleted';
}

/** The pod's end: below its start-up where that was told, else for itself, so that no parent is missing. */
export function termination(
  life: Life,
  { start, end, underStartUp }: { start: Moment; end: Moment; underStartUp: boolean },
): PhaseSpan {
  const { root, cleanup } = observedSpanNames;
  const under = underStartUp ? root : undefined;
  return toSpan(life, { name: cleanup, start, end, under }, end, 'ok');
}

/** The time in which the scheduler found no place for a pod, with what it said. */
export function unschedulable(life: Life, start: Moment, end: Moment): PhaseSpan {
  const events = [...life.said.values()];
  const under = observedSpanNames.schedule;
  return toSpan(life, { name: 'pod.unschedulable', start, end, under, events }, end, 'ok');
}

function toSpan(life: Life, part: Part, cutAt: Moment, outcome: string): PhaseSpan {
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
    links: part.links ?? [],
    failure: part.end === undefined ? `not reached: ${outcome}` : undefined,
  };
}
