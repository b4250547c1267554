import type { SpanEvent, TraceSpan } from '../trace/model.ts';
import { componentOf, isFailed, requestOf, textOf } from './span-role.ts';

/** A state that a container was seen in, first at that time. */
export interface ContainerSight {
  readonly container: string;
  readonly init: boolean;
  readonly state: 'waiting' | 'running' | 'terminated';
  readonly reason: string;
  readonly message: string;
  readonly atNs: bigint;
}

/** An Event of the cluster about the pod. */
export interface Note {
  readonly reason: string;
  readonly message: string;
  readonly atNs: bigint;
}

/** What the spans of prober and correlator tell of the pod's specification and of what its status and Events said. */
export interface Evidence {
  readonly initContainers: ReadonlySet<string>;
  /** Settings of readiness and startup probes and gates, in words; empty where there are none. */
  readonly readinessSettings: readonly string[];
  /** In order of time. */
  readonly sights: readonly ContainerSight[];
  readonly unschedulable: readonly string[];
  /** What the pod's condition Ready was False for. */
  readonly notReady: readonly string[];
  /** Events of the cluster, in order of time. */
  readonly notes: readonly Note[];
}

const settings = [
  ['kube_latency.pod.startup_probes', 'startup probe of '],
  ['kube_latency.pod.readiness_probes', 'readiness probe of '],
  ['kube_latency.pod.readiness_gates', 'readiness gate '],
] as const;

const states: Readonly<Record<string, ContainerSight['state']>> = {
  'Container waiting': 'waiting',
  'Container running': 'running',
  'Container terminated': 'terminated',
};

/** Gathers what is told beside the times. */
export function evidenceOf(spans: readonly TraceSpan[]): Evidence {
  const telling = spans.filter((span) => componentOf(span) === 'telling');
  const sights = [
    ...telling.flatMap((span) => span.events.flatMap(sightOf)),
    ...failedStarts(spans),
  ];
  const events = telling
    .flatMap((span) => span.events)
    .toSorted((a, b) => (BigInt(a.timeUnixNano) < BigInt(b.timeUnixNano) ? -1 : 1));
  const messages = (name: string): string[] =>
    events.filter((event) => event.name === name).map(statusMessage);
  const notes = events
    .filter((event) => event.attributes['kube_latency.event.message'] !== undefined)
    .map((event) => ({
      reason: event.name,
      message: textOf(event, 'kube_latency.event.message'),
      atNs: BigInt(event.timeUnixNano),
    }));
  const failedScheduling = notes.filter(({ reason }) => reason === 'FailedScheduling');
  const unschedulable = unique([
    ...messages('Pod unschedulable'),
    ...failedScheduling.map(({ message }) => message),
  ]);
  const refusals = spans.some(isRefusal)
    ? ["kube-scheduler wrote into the pod's status before it bound it"]
    : [];
  return {
    initContainers: new Set(listed(telling, 'kube_latency.pod.init_containers')),
    readinessSettings: settings.flatMap(([key, words]) =>
      listed(telling, key).map((each) => `${words}${each}`),
    ),
    sights: sights.toSorted((a, b) => (a.atNs < b.atNs ? -1 : 1)),
    unschedulable: unschedulable.length > 0 ? unschedulable : refusals,
    notReady: unique(messages('Pod not ready')),
    notes,
  };
}

const failedStart = /failed to "StartContainer" for "([^"]+)" with (\w+): "((?:[^"\\]|\\.)*)"/gs;

/** The kubelet's sync of a pod ends with what it could not start. */
function failedStarts(spans: readonly TraceSpan[]): ContainerSight[] {
  const syncs = spans.filter(
    (span) => componentOf(span) === 'kubelet' && span.name === 'syncPod' && isFailed(span),
  );
  return syncs.flatMap((span) => {
    const atNs = BigInt(span.endTimeUnixNano);
    return [...span.status.message.matchAll(failedStart)].map(
      ([, container = '', reason = '', message = '']): ContainerSight => {
        const said = message.replaceAll('\\"', '"').slice(0, 500);
        return { container, init: false, state: 'waiting', reason, message: said, atNs };
      },
    );
  });
}

/** The scheduler writes into a pod's status when it finds no node for it. */
function isRefusal(span: TraceSpan): boolean {
  return (
    requestOf(span) === 'status' &&
    textOf(span, 'user_agent.original').startsWith('kube-scheduler/')
  );
}

function sightOf(event: SpanEvent): ContainerSight[] {
  const state = Object.hasOwn(states, event.name) ? states[event.name] : undefined;
  if (state === undefined) return [];
  return [
    {
      container: textOf(event, 'k8s.container.name'),
      init: event.attributes['kube_latency.container.init'] === true,
      state,
      reason: textOf(event, 'k8s.container.status.reason'),
      message: textOf(event, 'kube_latency.status.message'),
      atNs: BigInt(event.timeUnixNano),
    },
  ];
}

function statusMessage(event: SpanEvent): string {
  const [reason, message] = [
    textOf(event, 'kube_latency.status.reason'),
    textOf(event, 'kube_latency.status.message'),
  ];
  return [reason, message].filter((each) => each !== '').join(': ');
}

/** The entries of attributes that list something, one a semicolon. */
function listed(spans: readonly TraceSpan[], key: string): string[] {
  const entries = spans.flatMap((span) => textOf(span, key).split(';'));
  return unique(entries.map((each) => each.trim()).filter((each) => each !== ''));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
