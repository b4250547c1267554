import { correctionNs, unknownOffset, type Offset } from './clock-offset.ts';
import { firstNote, type Facts, type HeardNote } from './facts.ts';
import { phaseSpans, type ClockNote, type Phase, type PhaseName } from './phases.ts';
import { failureOf, type ProbeRecord, type WriteRecord } from './probe-record.ts';

type AttributeValue = string | number | boolean;
type Attributes = Readonly<Record<string, AttributeValue>>;

export const mainSpan = 'prober.main';

/** One span to be, in our own words; its id is derived from the trace id and its name. */
export interface SpanSpec {
  readonly name: string;
  /** Name of the parent span; null: the root. */
  readonly parent: string | null;
  readonly kind: 'internal' | 'client';
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Attributes;
  readonly events: readonly {
    readonly name: string;
    readonly atNs: bigint;
    readonly attributes: Attributes;
  }[];
  /** Text of status Error; null: no error. */
  readonly error: string | null;
}

/** What the spans need to know beside the record. */
export interface TraceFacts {
  readonly phases: readonly Phase[];
  readonly offsets: ReadonlyMap<string, Offset>;
  readonly traceJoin: 'native' | 'links';
}

const underWait: ReadonlySet<PhaseName> = new Set(['schedule', 'start', 'ready']);

function podAttributes(record: ProbeRecord): Attributes {
  const { identity, facts } = record;
  const { pod } = facts;
  return {
    instance: identity.instance,
    'k8s.namespace.name': identity.namespace,
    'k8s.pod.name': identity.podName,
    ...(pod === undefined ? {} : { 'k8s.pod.uid': pod.uid }),
    ...(pod?.node === undefined ? {} : { 'k8s.node.name': pod.node }),
  };
}

function noteAttributes(notes: readonly ClockNote[]): Attributes {
  const names = {
    clock_corrected: 'kube_latency.phase.clock_corrected',
    event_rejected: 'kube_latency.phase.event_rejected',
    start_moved: 'kube_latency.phase.start_moved',
    end_moved: 'kube_latency.phase.end_moved',
    negative: 'kube_latency.phase.negative',
  } as const;
  return Object.fromEntries(notes.map((note) => [names[note.kind], note.seconds]));
}

function phaseAttributes(phase: Phase): Attributes {
  return {
    'kube_latency.phase': phase.phase,
    'kube_latency.phase.start_source': phase.startSource,
    'kube_latency.phase.source': phase.source,
    'kube_latency.phase.uncertainty': phase.uncertaintySeconds,
    ...noteAttributes(phase.notes),
    ...(phase.failure === null ? {} : { 'error.type': phase.failure.reason }),
  };
}

function writeAttributes(write: WriteRecord | null): Attributes {
  if (write === null) return {};
  return {
    'audit-id': write.auditId,
    ...(write.status === null ? {} : { 'http.response.status_code': write.status }),
    ...(write.resends === 0 ? {} : { 'http.request.resend_count': write.resends }),
  };
}

function packetAttributes(record: ProbeRecord): Attributes {
  const packet = record.firstPacket;
  if (packet === null) return {};
  return {
    'network.transport': packet.transport === 'icmp' ? 'icmp' : 'tcp',
    'kube_latency.packet.kind': packet.transport,
    'kube_latency.packet.attempts': packet.attempts,
    'network.peer.address': packet.address,
    ...(packet.port === null ? {} : { 'network.peer.port': packet.port }),
    ...(packet.answer === null ? {} : { 'kube_latency.packet.answer': packet.answer }),
  };
}

function extraAttributes(phase: PhaseName, record: ProbeRecord): Attributes {
  switch (phase) {
    case 'create':
      return writeAttributes(record.create);
    case 'update':
      return writeAttributes(record.update);
    case 'cleanup':
      return writeAttributes(record.cleanup);
    case 'first-packet':
      return packetAttributes(record);
    case 'wait':
      return record.facts.pod?.waits ?? {};
    case 'schedule':
    case 'start':
    case 'ready':
      return {};
  }
}

type SpanEvent = SpanSpec['events'][number];

/** Events of the cluster shown on the span of the phase that they belong to. */
const noteReasons: Readonly<Partial<Record<PhaseName, readonly string[]>>> = {
  schedule: ['FailedScheduling', 'Scheduled'],
  start: [
    'Pulling',
    'Pulled',
    'Created',
    'Started',
    'Failed',
    'FailedCreatePodSandBox',
    'FailedMount',
  ],
  ready: ['Unhealthy'],
  cleanup: ['Killing'],
};

function noteEvent(note: HeardNote, offsets: ReadonlyMap<string, Offset>): SpanEvent {
  const offset = offsets.get(note.clockId) ?? unknownOffset;
  return {
    name: note.reason,
    atNs: note.clockNs === null ? note.arrivalNs : note.clockNs - correctionNs(offset),
    attributes: {
      'kube_latency.event.message': note.message,
      'kube_latency.event.clock': note.clockNs === null ? 'watch' : note.clockId,
    },
  };
}

function clusterEvents(
  phase: PhaseName,
  facts: Facts,
  offsets: ReadonlyMap<string, Offset>,
): SpanEvent[] {
  return (noteReasons[phase] ?? [])
    .map((reason) => firstNote(facts, reason))
    .filter((note) => note !== undefined)
    .map((note) => noteEvent(note, offsets));
}

/** What the pod's status said during its start; what a deleted pod says is not about that. */
function saidUntil(endNs: bigint, { said }: Facts): SpanEvent[] {
  return [...said.values()]
    .filter(({ arrivalNs }) => arrivalNs <= endNs)
    .toSorted((a, b) => (a.arrivalNs < b.arrivalNs ? -1 : 1))
    .map(({ name, attributes, arrivalNs }) => ({ name, attributes, atNs: arrivalNs }));
}

const clockEventNames = {
  clock_corrected: 'Clock skew corrected',
  event_rejected: 'Event clock rejected',
  start_moved: 'Phase start moved',
  end_moved: 'Phase end moved',
  negative: 'Negative phase',
} as const;

function eventsOf(phase: Phase, record: ProbeRecord, offsets: TraceFacts['offsets']): SpanEvent[] {
  const clock = phase.notes.map((note) => ({
    name: clockEventNames[note.kind],
    atNs: phase.endNs,
    attributes: { 'kube_latency.seconds': note.seconds },
  }));
  const foundNs = phase.phase === 'wait' ? record.facts.sights.found : undefined;
  const found = foundNs === undefined ? [] : [{ name: 'Pod found', atNs: foundNs, attributes: {} }];
  const said = phase.phase === 'wait' ? saidUntil(phase.endNs, record.facts) : [];
  const failed =
    phase.failure === null
      ? []
      : [
          {
            name: 'exception',
            atNs: phase.endNs,
            attributes: {
              'exception.type': phase.failure.reason,
              'exception.message': phase.failure.message,
            },
          },
        ];
  return [
    ...found,
    ...said,
    ...clusterEvents(phase.phase, record.facts, offsets),
    ...clock,
    ...failed,
  ];
}

/** A span cannot end before it starts: a negative phase is drawn without length, and says so. */
function drawn(phase: Phase): { startNs: bigint; endNs: bigint } {
  const { startNs, endNs } = phase;
  return endNs < startNs ? { startNs: endNs, endNs } : { startNs, endNs };
}

function phaseSpan(phase: Phase, record: ProbeRecord, trace: TraceFacts): SpanSpec {
  const writes = phase.phase === 'create' || phase.phase === 'update' || phase.phase === 'cleanup';
  return {
    name: phaseSpans[phase.phase],
    parent: underWait.has(phase.phase) ? phaseSpans.wait : mainSpan,
    kind: writes ? 'client' : 'internal',
    ...drawn(phase),
    attributes: {
      ...podAttributes(record),
      ...phaseAttributes(phase),
      ...extraAttributes(phase.phase, record),
    },
    events: eventsOf(phase, record, trace.offsets),
    error: phase.failure?.message ?? null,
  };
}

/** Every span of a probe's trace, the root first, parents before their children. */
export function spansOf(record: ProbeRecord, trace: TraceFacts): SpanSpec[] {
  const failure = failureOf(record);
  const root: SpanSpec = {
    name: mainSpan,
    parent: null,
    kind: 'internal',
    startNs: record.startNs,
    endNs: record.endNs,
    attributes: {
      ...podAttributes(record),
      outcome: failure === null ? 'ok' : 'failed',
      'kube_latency.trace.join': trace.traceJoin,
      ...(failure === null ? {} : { 'error.type': failure.reason }),
    },
    events: [],
    error: failure?.message ?? null,
  };
  const wait = trace.phases.filter((phase) => phase.phase === 'wait');
  const rest = trace.phases.filter((phase) => phase.phase !== 'wait');
  return [root, ...[...wait, ...rest].map((phase) => phaseSpan(phase, record, trace))];
}
