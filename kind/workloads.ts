import { z } from 'zod';
import { expectOk, type AskApi } from '../local/cluster/api-client.ts';
import { objectPath, type Manifest } from '../local/cluster/apply-manifests.ts';

const statusSchema = z.looseObject({
  metadata: z.looseObject({ generation: z.int() }),
  spec: z.looseObject({ replicas: z.int().optional() }),
  status: z
    .looseObject({
      observedGeneration: z.int().optional(),
      updatedReplicas: z.int().optional(),
      availableReplicas: z.int().optional(),
      desiredNumberScheduled: z.int().optional(),
      updatedNumberScheduled: z.int().optional(),
      numberAvailable: z.int().optional(),
    })
    .default({}),
});

const podsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      status: z.looseObject({
        containerStatuses: z
          .array(
            z.looseObject({
              name: z.string(),
              state: z.looseObject({
                waiting: z.looseObject({ reason: z.string().optional() }).optional(),
              }),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

/** One Deployment or DaemonSet. */
export interface WorkloadStatus {
  readonly name: string;
  readonly available: boolean;
}

/** The Deployments and DaemonSets among the manifests: whether all their pods, of the latest kind, serve. */
export function workloadStatus(
  ask: AskApi,
  manifests: readonly Manifest[],
): Promise<WorkloadStatus[]> {
  const workloads = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'DaemonSet');
  return Promise.all(
    workloads.map(async (manifest) => {
      const found = await expectOk(ask, { method: 'GET', path: objectPath(manifest) }, [404]);
      const parsed = statusSchema.safeParse(found);
      return { name: manifest.metadata.name, available: parsed.success && serves(parsed.data) };
    }),
  );
}

type Status = z.infer<typeof statusSchema>;

function serves({ metadata, spec, status }: Status): boolean {
  const wanted = status.desiredNumberScheduled ?? spec.replicas ?? 1;
  const updated = status.updatedNumberScheduled ?? status.updatedReplicas ?? 0;
  const available = status.numberAvailable ?? status.availableReplicas ?? 0;
  return (
    (status.observedGeneration ?? 0) >= metadata.generation &&
    updated >= wanted &&
    available >= wanted
  );
}

/** What containers wait for: `jaeger ImagePullBackOff`. */
export async function waitingContainers(ask: AskApi): Promise<string[]> {
  const found = await Promise.all(
    ['kube-latency', 'kube-latency-node'].map(async (namespace) => {
      const path = `/api/v1/namespaces/${namespace}/pods`;
      return podsSchema.parse(await expectOk(ask, { method: 'GET', path })).items;
    }),
  );
  const waiting = found
    .flat()
    .flatMap(({ status }) => status.containerStatuses)
    .flatMap(({ name, state }) =>
      state.waiting?.reason === undefined ? [] : [`${name} ${state.waiting.reason}`],
    );
  return [...new Set(waiting)];
}
