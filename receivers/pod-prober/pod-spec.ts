import { formatTraceparent, type SpanAddress } from '../shared/traceparent.ts';
import { formatOwner, type Owner } from './owner.ts';

/** Labels and annotations of probe pods. */
export const appLabel = { key: 'app', value: 'probe' } as const;
export const instanceLabel = 'probe-instance';
export const ownerAnnotation = 'kube-latency/owner';
/** RFC 3339 time after which the probe is over whoever ran it. */
export const deadlineAnnotation = 'kube-latency/deadline';

/** What the container asks for, as Kubernetes quantities. */
export interface PodResources {
  readonly cpu: string;
  readonly memory: string;
}

export interface PodOptions {
  readonly image: string;
  /** Command of the container; empty: the image's own. */
  readonly command: readonly string[];
  /** Host name of the node that the pod must go to; undefined: any. */
  readonly node: string | undefined;
  readonly resources: PodResources;
  /** Key of the annotation with the trace context. */
  readonly annotationKey: string;
}

export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly main: SpanAddress;
  readonly owner: Owner;
  readonly deadlineMs: number;
  readonly activeDeadlineSeconds: number;
}

/** Lets the garbage collector delete the pod with the one that probes, where both share a namespace. */
function ownerReferences(owner: Owner, namespace: string): object[] {
  if (owner.kind !== 'pod' || owner.namespace !== namespace) return [];
  return [{ apiVersion: 'v1', kind: 'Pod', name: owner.name, uid: owner.uid }];
}

const securityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

/**
 * The pod of one probe: it satisfies the restricted Pod Security level, asks for little, is never
 * restarted, and ends by itself. The service account's token is mounted as in any other pod: the
 * kubelet's request for it belongs to what a pod's start takes.
 */
export function probePod(options: PodOptions, identity: PodIdentity): object {
  const { image, command, node, resources } = options;
  const { namespace, name, owner } = identity;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { [appLabel.key]: appLabel.value },
      annotations: {
        [options.annotationKey]: formatTraceparent(identity.main),
        [ownerAnnotation]: formatOwner(owner),
        [deadlineAnnotation]: new Date(identity.deadlineMs).toISOString(),
      },
      ownerReferences: ownerReferences(owner, namespace),
    },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: identity.activeDeadlineSeconds,
      terminationGracePeriodSeconds: 1,
      enableServiceLinks: false,
      ...(node === undefined ? {} : { nodeSelector: { 'kubernetes.io/hostname': node } }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'probe',
          image,
          ...(command.length === 0 ? {} : { command }),
          imagePullPolicy: 'IfNotPresent',
          // No CPU limit: its throttling would slow the start that is measured.
          resources: { requests: resources, limits: { memory: resources.memory } },
          securityContext,
        },
      ],
    },
  };
}
