import { createHash } from 'node:crypto';

import { managedBy } from '../controller/core/config-map.ts';
import type { NodeFacts } from './node-facts.ts';

/** An image on one node. */
export interface Trial {
  readonly image: string;
  readonly node: NodeFacts;
}

/** A trial's pod as it is there. */
export interface TrialPod {
  readonly name: string;
  readonly image: string;
  readonly nodeUid: string;
  readonly state: TrialState;
}

export type TrialState =
  | { readonly kind: 'waits'; readonly message: string }
  | { readonly kind: 'runs' }
  | { readonly kind: 'failed'; readonly message: string }
  /** Its node had no room for it, or threw it out: that says nothing of the image. */
  | { readonly kind: 'refused' };

/** Name of the pods' label `app.kubernetes.io/name`. */
export const trialName = 'net-prober-trial';

const imageAnnotation = 'probes.bigmikes.io/trial-image';
const nodeLabel = 'probes.bigmikes.io/trial-node-uid';

/** A container that waits for one of these has not failed yet. */
const patient: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing']);

/** Runs the image as a sidecar would run it, with nobody to ask. It is bound to its node, whatever taints that has. */
export function trialPodObject({ image, node }: Trial, namespace: string): object {
  const hash = createHash('sha256').update(`${image}|${node.uid}`).digest('hex').slice(0, 16);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${trialName}-${hash}`,
      namespace,
      labels: {
        'app.kubernetes.io/name': trialName,
        'app.kubernetes.io/part-of': 'kube-latency',
        [managedBy.key]: managedBy.value,
        [nodeLabel]: node.uid,
      },
      annotations: { [imageAnnotation]: image },
    },
    spec: {
      nodeName: node.name,
      restartPolicy: 'Never',
      activeDeadlineSeconds: 600,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ operator: 'Exists' }],
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'net-prober',
          image,
          imagePullPolicy: 'IfNotPresent',
          env: [
            { name: 'HTTP_PORT', value: '8080' },
            { name: 'HTTP_PROMETHEUS_PORT', value: '2112' },
            { name: 'NET_PROBER_CONFIG_FILE', value: '/etc/netprober/config.json' },
          ],
          resources: {
            // A node that is full can try it, too.
            requests: { cpu: '0', memory: '0' },
            limits: { memory: '128Mi' },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
            runAsUser: 65_532,
            runAsGroup: 65_532,
          },
          volumeMounts: [{ name: 'net-prober-vol', mountPath: '/etc/netprober', readOnly: true }],
        },
      ],
      volumes: [{ name: 'net-prober-vol', emptyDir: {} }],
    },
  };
}

interface PodObject {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly containerStatuses?: readonly {
      readonly state?: {
        readonly waiting?: { readonly reason?: string; readonly message?: string };
        readonly running?: object;
        readonly terminated?: {
          readonly exitCode?: number;
          readonly reason?: string;
          readonly message?: string;
        };
      };
    }[];
  };
}

/** Reads a trial's pod as the API server gives it; nothing for one that is being deleted, or is none. */
export function trialPod(object: unknown): readonly TrialPod[] {
  const { metadata = {}, status = {} } = object as PodObject;
  const image = metadata.annotations?.[imageAnnotation];
  const nodeUid = metadata.labels?.[nodeLabel];
  const isGone = metadata.deletionTimestamp !== undefined;
  if (metadata.name === undefined || image === undefined || nodeUid === undefined || isGone)
    return [];
  return [{ name: metadata.name, image, nodeUid, state: stateOf(status) }];
}

function stateOf({
  phase,
  reason = '',
  containerStatuses = [],
}: NonNullable<PodObject['status']>): TrialState {
  const { waiting, running, terminated } = containerStatuses[0]?.state ?? {};
  if (phase === 'Failed' && (terminated === undefined || reason === 'Evicted'))
    return { kind: 'refused' };
  if (running !== undefined) return { kind: 'runs' };
  if (terminated !== undefined) {
    const why = terminated.reason ?? 'Error';
    const detail = terminated.message ?? `exit code ${terminated.exitCode ?? -1}`;
    return { kind: 'failed', message: `${why}: ${detail}` };
  }
  const word = waiting?.reason ?? '';
  if (!patient.has(word))
    return { kind: 'failed', message: `${word}: ${waiting?.message ?? 'no message'}` };
  return { kind: 'waits', message: word };
}
