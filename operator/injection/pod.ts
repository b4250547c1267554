import * as z from 'zod';

import type { Labels } from '../label-selector.ts';

/** A field that may be missing; Kubernetes reads null as that. */
function maybe<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

const texts = z.record(z.string(), z.string());
const amounts = z.record(z.string(), z.union([z.string(), z.number()]));
const resources = z.object({ requests: maybe(amounts), limits: maybe(amounts) });

const container = z.object({
  name: z.string(),
  restartPolicy: maybe(z.string()),
  ports: maybe(
    z.array(
      z.object({
        name: maybe(z.string()),
        containerPort: z.number(),
        protocol: maybe(z.string()),
      }),
    ),
  ),
  resources: maybe(resources),
});

const nodeFields = z.array(
  z.object({ key: z.string(), operator: z.string(), values: maybe(z.array(z.string())) }),
);

const podSchema = z.object({
  metadata: z.object({ labels: maybe(texts), annotations: maybe(texts) }),
  spec: z.object({
    nodeName: maybe(z.string()),
    nodeSelector: maybe(texts),
    affinity: maybe(
      z.object({
        nodeAffinity: maybe(
          z.object({
            requiredDuringSchedulingIgnoredDuringExecution: maybe(
              z.object({
                nodeSelectorTerms: z.array(z.object({ matchFields: maybe(nodeFields) })),
              }),
            ),
          }),
        ),
      }),
    ),
    os: maybe(z.object({ name: z.string() })),
    hostNetwork: maybe(z.boolean()),
    restartPolicy: maybe(z.string()),
    resources: maybe(resources),
    volumes: maybe(z.array(z.object({ name: z.string() }))),
    initContainers: maybe(z.array(container)),
    containers: z.array(container),
  }),
});

type Pod = z.infer<typeof podSchema>;
type PodContainer = z.infer<typeof container>;
export type Resources = z.infer<typeof resources>;

/** As much of a pod as injection looks at. A list that is undefined is not there at all, which a patch has to know. */
export interface PodFacts {
  readonly labels: Labels;
  readonly annotations: Labels | undefined;
  readonly windows: boolean;
  readonly hostNetwork: boolean;
  /** It ends when its containers do. */
  readonly completes: boolean;
  /** Of the pod as a whole, whatever its containers have. */
  readonly resources: Resources | undefined;
  readonly volumes: readonly { readonly name: string }[] | undefined;
  readonly initContainers: readonly PodContainer[] | undefined;
  readonly containers: readonly PodContainer[];
  /** The nodes that it can only run on; undefined: any. */
  readonly nodes: readonly string[] | undefined;
}

/** Undefined: not a pod as the API server sends one. */
export function readPod(object: unknown): PodFacts | undefined {
  const { success, data } = podSchema.safeParse(object);
  if (!success) return undefined;
  const { metadata, spec } = data;
  const { hostNetwork = false, restartPolicy = 'Always' } = spec;
  const { resources: whole, volumes, initContainers, containers } = spec;
  return {
    labels: metadata.labels ?? {},
    annotations: metadata.annotations,
    windows: isForWindows(spec),
    hostNetwork,
    completes: restartPolicy !== 'Always',
    resources: whole,
    volumes,
    initContainers,
    containers,
    nodes: nodesOf(spec),
  };
}

function isForWindows({ os, nodeSelector = {} }: Pod['spec']): boolean {
  return os?.name === 'windows' || nodeSelector['kubernetes.io/os'] === 'windows';
}

/** A pod of a DaemonSet names its node in every term of its affinity. */
function nodesOf({ nodeName, affinity }: Pod['spec']): readonly string[] | undefined {
  if (nodeName !== undefined && nodeName !== '') return [nodeName];
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms ?? [];
  const named = terms.map(({ matchFields = [] }) =>
    matchFields.find(({ key, operator }) => key === 'metadata.name' && operator === 'In'),
  );
  if (named.length === 0 || named.includes(undefined)) return undefined;
  return named.flatMap((field) => field?.values ?? []);
}

/** Those that run as long as the pod does. */
export function lastingContainers({ containers, initContainers = [] }: PodFacts): PodContainer[] {
  return [
    ...containers,
    ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ];
}

export function allContainers({ containers, initContainers = [] }: PodFacts): PodContainer[] {
  return [...containers, ...initContainers];
}
