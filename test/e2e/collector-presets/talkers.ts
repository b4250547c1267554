import { stringify } from 'yaml';
import { kubectl, kubectlApply } from '../../support/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { newSpanId, newTraceId } from '../collector-config/json-sender.ts';

export const namespace = 'collector-presets';

/** Where the annotation of the annotated pods points. */
export const target = { traceId: newTraceId(), spanId: newSpanId() };

const traceparent = (flags: string): Record<string, string> => ({
  'tracing.k8s.io/traceparent': `00-${target.traceId}-${target.spanId}-${flags}`,
});

const talkers = {
  annotated: { annotations: traceparent('01') },
  unsampled: { annotations: traceparent('00'), labels: { 'kube-latency/observe': 'true' } },
  observed: { labels: { 'kube-latency/observe': 'true' } },
  plain: {},
} as const;

export type Talker = keyof typeof talkers;

/** Makes a namespace with pods on a node, each of which says its name once a second; gives their uids. */
export async function createTalkers(node: string): Promise<Readonly<Record<Talker, string>>> {
  await kubectl(['create', 'namespace', namespace]);
  const said = 'while true; do echo "hello from $HOSTNAME"; sleep 1; done';
  const objects = Object.entries(talkers).map(([name, metadata]) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, ...metadata },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node },
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'talker',
          image: 'localhost/kube-latency/busybox:1',
          imagePullPolicy: 'Never',
          command: ['sh', '-c', said],
        },
      ],
    },
  }));
  // The namespace's ServiceAccount comes a moment after it.
  await eventually(() => kubectlApply(objects.map((object) => stringify(object)).join('---\n')));
  const uids = await Promise.all(
    (Object.keys(talkers) as Talker[]).map(async (name) => {
      const path = '--output=jsonpath={.metadata.uid}';
      return [name, await kubectl(['--namespace', namespace, 'get', 'pod', name, path])] as const;
    }),
  );
  return Object.fromEntries(uids) as Record<Talker, string>;
}

export async function removeTalkers(): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', 'namespace', namespace]);
}
