import assert from 'node:assert/strict';
import type { KubeClient, KubeRequest } from '../../receivers/shared/kubernetes/client.ts';

/** A pod that nobody runs: its status is what a kubelet would say. */
export interface PlayedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly node?: string;
  /** None: the pod waits. */
  readonly address?: string;
  /** Name of the NetworkProber whose sidecar it has. */
  readonly sidecar?: string;
  readonly hostNetwork?: boolean;
}

export const proberLabels = { app: 'net-prober' } as const;

export async function send(client: KubeClient, request: KubeRequest): Promise<unknown> {
  const answer = await client.request(request, { timeoutMs: 20_000 });
  assert.ok(
    answer.kind === 'answer',
    JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  );
  assert.ok(answer.status < 300, `${request.verb} ${request.path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

function podsPath(namespace: string, name?: string): string {
  return `/api/v1/namespaces/${namespace}/pods${name === undefined ? '' : `/${name}`}`;
}

function podObject(pod: PlayedPod): object {
  const { namespace, name, labels = proberLabels, annotations, node, sidecar, hostNetwork } = pod;
  const agent = {
    name: 'net-prober',
    image: 'agent',
    restartPolicy: 'Always',
    ports: [{ name: 'np-ping', containerPort: 9090 }],
    volumeMounts: [{ name: 'net-prober-vol', mountPath: '/etc/netprober' }],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels, ...(annotations && { annotations }) },
    spec: {
      containers: [{ name: 'app', image: 'app' }],
      ...(node === undefined ? {} : { nodeName: node }),
      ...(hostNetwork === undefined ? {} : { hostNetwork }),
      ...(sidecar === undefined
        ? {}
        : {
            initContainers: [agent],
            volumes: [{ name: 'net-prober-vol', configMap: { name: sidecar, optional: true } }],
          }),
    },
  };
}

/** Makes a pod; one that has an address runs. */
export async function makePod(client: KubeClient, pod: PlayedPod): Promise<void> {
  await send(client, { verb: 'create', path: podsPath(pod.namespace), body: podObject(pod) });
  if (pod.address !== undefined)
    await setStatus(client, pod, {
      phase: 'Running',
      podIP: pod.address,
      podIPs: [{ ip: pod.address }],
    });
}

export async function setStatus(
  client: KubeClient,
  { namespace, name }: Pick<PlayedPod, 'namespace' | 'name'>,
  status: object,
): Promise<void> {
  await send(client, {
    verb: 'patch',
    path: `${podsPath(namespace, name)}/status`,
    contentType: 'application/merge-patch+json',
    body: { status },
  });
}

export async function labelPod(
  client: KubeClient,
  { namespace, name }: Pick<PlayedPod, 'namespace' | 'name'>,
  labels: Readonly<Record<string, string | null>>,
): Promise<void> {
  await send(client, {
    verb: 'patch',
    path: podsPath(namespace, name),
    contentType: 'application/merge-patch+json',
    body: { metadata: { labels } },
  });
}

/** At once: nobody stops it. */
export async function deletePod(
  client: KubeClient,
  { namespace, name }: Pick<PlayedPod, 'namespace' | 'name'>,
): Promise<void> {
  await send(client, {
    verb: 'delete',
    path: podsPath(namespace, name),
    query: { gracePeriodSeconds: '0' },
  });
}
