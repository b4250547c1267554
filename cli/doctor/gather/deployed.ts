import { z } from 'zod';
import { gatewayName, hidden, seen, type CollectorFacts, type Seen } from '../facts.ts';
import { ask, askText, type Asker } from './ask.ts';
import { countersOf, versionOf } from './metrics.ts';

const workloadsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string() }),
      spec: z.object({
        replicas: z.number().optional(),
        template: z.object({
          spec: z.object({
            serviceAccountName: z.string().optional(),
            containers: z.array(z.object({ name: z.string() })),
          }),
        }),
      }),
      status: z
        .object({
          desiredNumberScheduled: z.number().optional(),
          numberReady: z.number().optional(),
          readyReplicas: z.number().optional(),
        })
        .optional(),
    }),
  ),
});

type Workload = z.infer<typeof workloadsSchema>['items'][number];

/** What of kube-latency runs in the cluster as pods. */
export interface Deployed {
  readonly daemonSets: readonly CollectorFacts[];
  /** Deployments and StatefulSets. */
  readonly others: readonly CollectorFacts[];
  /** `system:serviceaccount:NAMESPACE:NAME` of the pods with a correlator; null where there are none. */
  readonly correlator: string | null;
}

export const selector = { labelSelector: 'app.kubernetes.io/part-of=kube-latency' };

export async function readDeployed(asker: Asker): Promise<Seen<Deployed>> {
  const [daemonSets, deployments, statefulSets] = await Promise.all(
    ['daemonsets', 'deployments', 'statefulsets'].map((kind) =>
      ask(asker, { verb: 'list', path: `/apis/apps/v1/${kind}`, query: selector }, workloadsSchema),
    ),
  );
  if (daemonSets === undefined || daemonSets.kind === 'hidden') {
    return daemonSets ?? hidden('it was not asked');
  }
  if (deployments === undefined || deployments.kind === 'hidden') {
    return deployments ?? hidden('it was not asked');
  }
  if (statefulSets === undefined || statefulSets.kind === 'hidden') {
    return statefulSets ?? hidden('it was not asked');
  }
  const sets = daemonSets.value.items;
  const several = [
    ...deployments.value.items.map((each) => replicated('deployment', each)),
    ...statefulSets.value.items.map((each) => replicated('statefulset', each)),
  ];
  return seen({
    daemonSets: sets.map((set) =>
      factsOf('daemonset', set, {
        ready: set.status?.numberReady ?? 0,
        wanted: set.status?.desiredNumberScheduled ?? 0,
      }),
    ),
    others: await Promise.all(
      several.map(({ facts, namespace }) => counted(asker, facts, namespace)),
    ),
    correlator: correlatorOf(sets),
  });
}

function replicated(
  kind: 'deployment' | 'statefulset',
  each: Workload,
): { readonly facts: CollectorFacts; readonly namespace: string } {
  const { status, spec } = each;
  const counts = { ready: status?.readyReplicas ?? 0, wanted: spec.replicas ?? 1 };
  return { facts: factsOf(kind, each, counts), namespace: each.metadata.namespace };
}

/** The gateway shows its metrics through its Service; of several replicas, those of one. */
async function counted(
  asker: Asker,
  facts: CollectorFacts,
  namespace: string,
): Promise<CollectorFacts> {
  if (facts.name !== gatewayName) return facts;
  const path = `/api/v1/namespaces/${namespace}/services/${gatewayName}:metrics/proxy/metrics`;
  const metrics = await askText(asker, path);
  return metrics.kind === 'seen'
    ? { ...facts, counters: countersOf(metrics.value), version: versionOf(metrics.value) }
    : { ...facts, counters: metrics };
}

function factsOf(
  kind: 'daemonset' | 'deployment' | 'statefulset',
  { metadata, spec }: Workload,
  { ready, wanted }: { readonly ready: number; readonly wanted: number },
): CollectorFacts {
  const collects = spec.template.spec.containers.some(({ name }) => name === 'collector');
  return {
    name: metadata.name,
    node: null,
    healthy: ready >= wanted,
    state: `${ready} of ${wanted} pods ready in namespace ${metadata.namespace}`,
    advice: `kubectl describe ${kind} ${metadata.name} --namespace=${metadata.namespace}`,
    version: null,
    counters: collects ? hidden('its metrics are on the loopback of its node') : null,
  };
}

function correlatorOf(sets: readonly Workload[]): string | null {
  const set = sets.find(({ spec }) =>
    spec.template.spec.containers.some(({ name }) => name === 'correlator'),
  );
  if (set === undefined) return null;
  const account = set.spec.template.spec.serviceAccountName ?? 'default';
  return `system:serviceaccount:${set.metadata.namespace}:${account}`;
}
