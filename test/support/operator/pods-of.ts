import assert from 'node:assert/strict';
import type { KubeRequest } from '../../../receivers/shared/kubernetes/client.ts';
import { statusMessage } from '../../../receivers/shared/kubernetes/client.ts';
import type { ApiServer } from '../api-server.ts';

interface Container {
  readonly name: string;
  readonly resources?: object;
}

/** A pod as the API server answers with it. */
export interface CreatedPod {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly { readonly name: string }[];
  };
}

/** What the API server answers to a request; fails where it refuses. */
export async function ask({ client }: ApiServer, request: KubeRequest): Promise<unknown> {
  const answer = await client.request(request, { timeoutMs: 30_000 });
  assert.ok(answer.kind === 'answer', `${request.path}: not answered`);
  assert.ok(answer.status < 300, `${request.path}: ${statusMessage(answer.body)}`);
  return answer.body;
}

export async function createNamespace(
  server: ApiServer,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const body = { metadata: { name, labels } };
  await ask(server, { verb: 'create', path: '/api/v1/namespaces', body });
}

/** Creates a pod; `dry`: only as if, through all of admission and validation. */
export async function createPod(
  server: ApiServer,
  namespace: string,
  pod: object,
  { dry = false }: { readonly dry?: boolean } = {},
): Promise<CreatedPod> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const query = dry ? { dryRun: 'All' } : {};
  return (await ask(server, { verb: 'create', path, query, body: pod })) as CreatedPod;
}

export function hasSidecar({ spec }: CreatedPod): boolean {
  return (spec.initContainers ?? []).some(({ name }) => name === 'net-prober');
}

/** What whoever created the pod can see of it, without what the API server makes up each time. */
export function comparable(pod: CreatedPod): unknown {
  const { name: _, ...metadata } = pod.metadata;
  const made = ['uid', 'creationTimestamp', 'resourceVersion', 'managedFields', 'generation'];
  const rest = Object.entries(metadata).filter(([key]) => !made.includes(key));
  return { ...pod, metadata: Object.fromEntries(rest) };
}
