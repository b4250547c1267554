import {
  statusSights,
  waitAttributes,
  type PodEvidenceSource,
} from '../../shared/kubernetes/pod-evidence.ts';
import type { ContainerSnapshot, PodSnapshot, StatusSnapshot } from '../core/pod-snapshot.ts';

/** The parts of a Pod, or of its metadata alone, that are read. */
interface PodObject {
  readonly metadata?: {
    readonly uid?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly apiVersion?: string; readonly kind?: string }[];
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: PodStatus;
}

interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly lastTransitionTime?: string;
  }[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly startedAt?: string };
}

function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

function conditionMs(status: PodStatus, type: string): number | undefined {
  const condition = status.conditions?.find((each) => each.type === type);
  return condition?.status === 'True' ? timeOf(condition.lastTransitionTime) : undefined;
}

function containersOf(
  statuses: readonly ContainerStatus[] | undefined,
  init: boolean,
): ContainerSnapshot[] {
  return (statuses ?? []).map(({ name, containerID, state, lastState }) => {
    const began = lastState?.terminated ?? state?.running ?? state?.terminated;
    const id = containerID?.split('://').at(-1);
    return { name, init, id: id === '' ? undefined : id, startedMs: timeOf(began?.startedAt) };
  });
}

function statusOf(
  status: PodStatus | undefined,
  object: PodEvidenceSource,
): StatusSnapshot | undefined {
  if (status?.phase === undefined) return undefined;
  return {
    phase: status.phase,
    scheduledMs: conditionMs(status, 'PodScheduled'),
    initializedMs: conditionMs(status, 'Initialized'),
    readyMs: conditionMs(status, 'Ready'),
    containers: [
      ...containersOf(status.initContainerStatuses, true),
      ...containersOf(status.containerStatuses, false),
    ],
    waits: waitAttributes(object),
    says: statusSights(object),
  };
}

/** A mirror belongs to its node; a pod that only carries a mirror's annotations, as a copy of one may, is none. */
function staticOf({
  annotations = {},
  ownerReferences = [],
}: NonNullable<PodObject['metadata']>): Pick<PodSnapshot, 'staticUid' | 'staticSeenMs'> {
  const ofNode = ownerReferences.some((each) => each.apiVersion === 'v1' && each.kind === 'Node');
  const staticUid = ofNode ? annotations['kubernetes.io/config.mirror'] : undefined;
  if (staticUid === undefined) return { staticUid, staticSeenMs: undefined };
  return { staticUid, staticSeenMs: timeOf(annotations['kubernetes.io/config.seen']) };
}

/** Reads a pod out of what the API server sent; undefined when it is not one. */
export function podSnapshot(object: unknown, annotation: string): PodSnapshot | undefined {
  const { metadata = {}, spec, status } = (object ?? {}) as PodObject;
  const { uid, namespace, name, annotations = {} } = metadata;
  const createdMs = timeOf(metadata.creationTimestamp);
  if (!uid || !namespace || !name || createdMs === undefined) return undefined;
  const deletionMs = timeOf(metadata.deletionTimestamp);
  const graceMs = (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  return {
    uid,
    namespace,
    name,
    nodeName: spec?.nodeName,
    labels: metadata.labels ?? {},
    traceparent: annotations[annotation],
    ...staticOf(metadata),
    createdMs,
    deletionMs: deletionMs === undefined ? undefined : deletionMs - graceMs,
    status: statusOf(status, object as PodEvidenceSource),
  };
}
