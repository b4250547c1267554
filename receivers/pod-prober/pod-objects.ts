import { statusSights, waitAttributes } from '../shared/kubernetes/pod-evidence.ts';
import { parseTimeNs } from '../shared/rfc3339.ts';
import type { Condition, Container, ContainerState, PodNote, PodState } from './pod-state.ts';

/** The parts of the API's objects that are read here; every one may be missing. */
interface ApiCondition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
}

interface ApiContainerStatus {
  readonly name?: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: { readonly startedAt?: string | null };
    readonly terminated?: {
      readonly exitCode?: number;
      readonly reason?: string;
      readonly startedAt?: string | null;
    };
  };
}

interface ApiMeta {
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ApiPod {
  readonly metadata?: ApiMeta;
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly { readonly name?: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly conditions?: readonly ApiCondition[];
    readonly containerStatuses?: readonly ApiContainerStatus[];
  };
}

export interface ApiEvent {
  readonly metadata?: ApiMeta;
  readonly involvedObject?: { readonly name?: string; readonly fieldPath?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly eventTime?: string | null;
  readonly firstTimestamp?: string | null;
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
  readonly source?: { readonly component?: string; readonly host?: string };
}

function condition(pod: ApiPod, type: string): Condition | undefined {
  const found = pod.status?.conditions?.find((each) => each.type === type);
  if (found === undefined) return undefined;
  const status = found.status === 'True' || found.status === 'False' ? found.status : 'Unknown';
  return {
    status,
    reason: found.reason,
    message: found.message,
    changedNs: parseTimeNs(found.lastTransitionTime),
  };
}

/**
 * When a container started; null where it never did: a runtime that could not start one tells reason
 * StartError and the epoch.
 */
function startedNs(at: string | null | undefined, reason?: string): bigint | null {
  const ns = parseTimeNs(at);
  return ns === null || ns <= 0n || reason === 'StartError' ? null : ns;
}

function containerState(state: ApiContainerStatus['state']): ContainerState {
  if (state?.running !== undefined) {
    return { kind: 'running', startedNs: startedNs(state.running.startedAt) };
  }
  if (state?.terminated !== undefined) {
    const { exitCode, reason } = state.terminated;
    return {
      kind: 'terminated',
      exitCode: exitCode ?? -1,
      reason: reason ?? 'no reason given',
      startedNs: startedNs(state.terminated.startedAt, reason),
    };
  }
  const { reason, message } = state?.waiting ?? {};
  return { kind: 'waiting', reason: reason ?? 'ContainerCreating', message };
}

function container(status: ApiContainerStatus): Container {
  return { name: status.name ?? '', state: containerState(status.state) };
}

/** Reads a pod of the API into our own words. */
export function podState(object: ApiPod): PodState {
  const { metadata, spec, status } = object;
  return {
    version: metadata?.resourceVersion ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    labels: metadata?.labels ?? {},
    node: spec?.nodeName,
    address: status?.podIP,
    phase: status?.phase ?? 'Unknown',
    reason: status?.reason,
    message: status?.message,
    deleting: metadata?.deletionTimestamp !== undefined,
    scheduled: condition(object, 'PodScheduled'),
    ready: condition(object, 'Ready'),
    containerNames: (spec?.containers ?? []).map((each) => each.name ?? ''),
    containers: (status?.containerStatuses ?? []).map(container),
    waits: waitAttributes(object),
    says: statusSights(object),
  };
}

function distance(one: bigint, other: bigint): bigint {
  return one > other ? one - other : other - one;
}

/**
 * When an Event was noted, better than to the second: recorders name an Event after the object and
 * their clock's nanoseconds in hex. That is believed where it agrees with the time fields, else the
 * microseconds of eventTime are taken; null where only whole seconds are told.
 */
export function eventClockNs(event: ApiEvent): bigint | null {
  const exact = parseTimeNs(event.eventTime);
  const rough = exact ?? parseTimeNs(event.firstTimestamp);
  const hex = /\.([0-9a-f]{15,16})$/.exec(event.metadata?.name ?? '')?.[1];
  if (hex !== undefined && rough !== null) {
    const named = BigInt(`0x${hex}`);
    const slack = exact === null ? 2_000_000_000n : 1_000_000n;
    if (distance(named, rough) <= slack) return named;
  }
  return exact;
}

function clockId(event: ApiEvent): string {
  const component = event.reportingComponent || event.source?.component || 'unknown';
  const instance = event.reportingInstance || event.source?.host || '';
  return component === 'kubelet' ? `node:${instance}` : `${component}@${instance}`;
}

/** Reads an Event of the API about a pod into our own words. */
export function podNote(event: ApiEvent): PodNote {
  const path = event.involvedObject?.fieldPath ?? '';
  return {
    key: event.metadata?.uid ?? event.metadata?.name ?? '',
    podName: event.involvedObject?.name ?? '',
    reason: event.reason ?? '',
    message: (event.message ?? '').slice(0, 500),
    container: /^spec\.containers\{(.+)\}$/.exec(path)?.[1],
    clockNs: eventClockNs(event),
    clockId: clockId(event),
  };
}
