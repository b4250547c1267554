import { parseTimeNs } from '../../../shared/rfc3339.ts';

/** A pod as the API server showed it. Times are cut to whole seconds. */
export interface PodSnapshot {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly createdNs: bigint;
  /** Undefined: it is not bound to a node, or bound itself to it, as the pods of DaemonSets of old did. */
  readonly scheduledNs: bigint | undefined;
  /** Undefined: it is not ready. */
  readonly readyNs: bigint | undefined;
  /** It runs on every node, of a DaemonSet or from the node's own folder. */
  readonly ofEveryNode: boolean;
}

/** The parts of a Pod that are read; every one may be missing. */
interface PodObject {
  readonly metadata?: {
    readonly uid?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly creationTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind?: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type?: string;
      readonly status?: string;
      readonly lastTransitionTime?: string;
    }[];
  };
}

/** Reads a pod out of what the API server sent; undefined when it is none. */
export function podSnapshot(object: unknown): PodSnapshot | undefined {
  const { metadata = {}, status } = (object ?? {}) as PodObject;
  const { uid, namespace, name, ownerReferences = [] } = metadata;
  const createdNs = parseTimeNs(metadata.creationTimestamp);
  if (!uid || !namespace || !name || createdNs === null) return undefined;
  const since = (wanted: string): bigint | undefined => {
    const condition = status?.conditions?.find(({ type }) => type === wanted);
    if (condition?.status !== 'True') return undefined;
    return parseTimeNs(condition.lastTransitionTime) ?? undefined;
  };
  return {
    uid,
    namespace,
    name,
    createdNs,
    scheduledNs: since('PodScheduled'),
    readyNs: since('Ready'),
    ofEveryNode: ownerReferences.some(({ kind }) => kind === 'DaemonSet' || kind === 'Node'),
  };
}
