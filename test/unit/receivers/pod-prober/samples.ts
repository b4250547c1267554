import { noFacts, hear, type Facts, type Heard } from '../../../../receivers/pod-prober/facts.ts';
import type { PodNote, PodState } from '../../../../receivers/pod-prober/pod-state.ts';
import { instanceLabel } from '../../../../receivers/pod-prober/pod-spec.ts';
import type { ProbeRecord, WriteRecord } from '../../../../receivers/pod-prober/probe-record.ts';

export const msNs = 1_000_000n;
export const secondNs = 1000n * msNs;
/** A moment that is no whole second. */
export const epochNs = 1_800_000_000_400_000_000n;

/** Milliseconds after the moment, as nanoseconds. */
export function at(ms: number): bigint {
  return epochNs + BigInt(Math.round(ms * 1e6));
}

export function pod(changes: Partial<PodState> = {}): PodState {
  return {
    version: '1',
    name: 'probe-0123456789abcdef',
    uid: 'uid-1',
    labels: { app: 'probe' },
    node: undefined,
    address: undefined,
    phase: 'Pending',
    reason: undefined,
    message: undefined,
    deleting: false,
    scheduled: undefined,
    ready: undefined,
    containerNames: ['probe'],
    containers: [],
    waits: {},
    says: [],
    ...changes,
  };
}

export const truth = (changedNs: bigint | null = null): PodState['ready'] => ({
  status: 'True',
  reason: undefined,
  message: undefined,
  changedNs,
});

export const running = (startedNs: bigint | null = null): PodState['containers'] => [
  { name: 'probe', state: { kind: 'running', startedNs } },
];

export const waiting = (reason: string, message?: string): PodState['containers'] => [
  { name: 'probe', state: { kind: 'waiting', reason, message } },
];

export function note(changes: Partial<PodNote> = {}): PodNote {
  const reason = changes.reason ?? 'Started';
  return {
    key: reason,
    podName: 'probe-0123456789abcdef',
    reason,
    message: '',
    container: reason === 'Scheduled' ? undefined : 'probe',
    clockNs: null,
    clockId: reason === 'Scheduled' ? 'default-scheduler@host' : 'node:worker',
    ...changes,
  };
}

export function factsOf(heard: readonly Heard[]): Facts {
  return heard.reduce((facts, each) => hear(facts, each, instanceLabel), noFacts);
}

export function write(changes: Partial<WriteRecord> = {}): WriteRecord {
  const base = { auditId: 'audit-1', sentNs: at(0), answeredNs: at(5), status: 201, resends: 0 };
  return { ...base, failure: null, ...changes };
}

/** What is heard of a pod that goes all the way: ready after 600 ms, gone after a second. */
export function wholeLife(): Heard[] {
  const scheduled = { node: 'worker', scheduled: truth(at(0) - 400n * msNs) };
  const ready = { ...scheduled, address: '10.0.0.9', containers: running(at(0) - 400n * msNs) };
  const labelled = { ...ready, ready: truth(at(600)), labels: { [instanceLabel]: 'x' } };
  return [
    { kind: 'pod', pod: pod(), arrivalNs: at(6) },
    { kind: 'pod', pod: pod({ ...scheduled, version: '2' }), arrivalNs: at(24) },
    { kind: 'note', note: note({ reason: 'Scheduled', clockNs: at(20) }), arrivalNs: at(25) },
    { kind: 'note', note: note({ reason: 'Pulled', clockNs: at(300) }), arrivalNs: at(306) },
    { kind: 'note', note: note({ reason: 'Started', clockNs: at(500) }), arrivalNs: at(508) },
    {
      kind: 'pod',
      pod: pod({ ...ready, version: '3', ready: truth(at(600) - (at(600) % secondNs)) }),
      arrivalNs: at(600),
    },
    { kind: 'pod', pod: pod({ ...labelled, version: '4' }), arrivalNs: at(620) },
    { kind: 'note', note: note({ reason: 'Killing', clockNs: at(640) }), arrivalNs: at(645) },
    { kind: 'gone', pod: undefined, arrivalNs: at(1000) },
  ];
}

export function record(changes: Partial<ProbeRecord> = {}): ProbeRecord {
  return {
    identity: {
      instance: '0123456789abcdef',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      sampled: true,
      namespace: 'probes',
      podName: 'probe-0123456789abcdef',
    },
    startNs: at(-1),
    endNs: at(1001),
    facts: factsOf(wholeLife()),
    create: write(),
    waitedNs: at(600),
    waitFailure: null,
    firstPacket: null,
    update: write({ sentNs: at(610), answeredNs: at(619), status: 200, auditId: 'audit-2' }),
    cleanup: write({ sentNs: at(630), answeredNs: at(638), status: 200, auditId: 'audit-3' }),
    cleanedNs: at(1000),
    ...changes,
  };
}
