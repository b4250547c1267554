import { z } from 'zod';

import { parseGoDuration } from './go-duration.ts';
import { labelSelector } from './label-selector.ts';

const group = 'probes.bigmikes.io';
export const apiVersion = `${group}/v1alpha1`;
export const kind = 'NetworkProber';
/** Of all namespaces. */
export const collectionPath = `/apis/${apiVersion}/networkprobers`;

export function objectPath({ namespace, name }: { namespace: string; name: string }): string {
  return `/apis/${apiVersion}/namespaces/${namespace}/networkprobers/${name}`;
}

/** What a sidecar is known by, in every pod that has one. */
export const sidecarNames = {
  container: 'net-prober',
  /** Of a ConfigMap with the NetworkProber's name, in the pod's own namespace. */
  volume: 'net-prober-vol',
  mountPath: '/etc/netprober',
  /** Of the volume, and of the ConfigMap. */
  file: 'config.json',
  pingPort: 'np-ping',
  metricsPort: 'np-prometheus',
} as const;

/** Set to `true` on a pod: it has its sidecar, or wants none. */
export const doneAnnotation = 'netprober-container-deployed';

/** On a pod with a sidecar: `namespace/name` of the NetworkProber that it belongs to. */
export const proberAnnotation = 'probes.bigmikes.io/network-prober';

/** A namespace lets sidecars in where it has this label with this value. */
export const optInLabel = { key: 'probes.bigmikes.io/injection', value: 'enabled' } as const;

/** Into whose pods nothing is ever injected; the operator's own namespace is another. */
export const systemNamespace = 'kube-system';

/** On a NetworkProber that has something in other namespaces, where it cannot be its owner. */
export const finalizer = 'probes.bigmikes.io/leftovers';

export const modes = ['auto', 'policy', 'webhook', 'daemonset', 'none'] as const;
export type Mode = (typeof modes)[number];

const protocols = ['icmp', 'udp', 'tcp', 'http'] as const;

/** Peers of each agent where the object says nothing: a list of them has some 90 kB. */
const defaultMaxPeers = 1000;
const nsPerMs = 1_000_000n;
const shortestPeriodNs = 10n * nsPerMs;
const longestPeriodNs = 3_600_000n * nsPerMs;

const port = z
  .string()
  .refine(
    (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535,
    'expected a port from 1 to 65535 as text',
  )
  .transform(Number);

const period = z.string().transform((text, context) => {
  const ns = parseGoDuration(text);
  if (ns !== undefined && ns >= shortestPeriodNs && ns <= longestPeriodNs) return ns;
  context.addIssue('expected a duration from 10ms to 1h such as 500ms, 10s or 1m30s');
  return z.NEVER;
});

const peerLimit = z.int().min(1).max(20_000);

/** The rules of the definition once more: an object may be older than they are. */
const specSchema = z
  .object({
    podSelector: labelSelector,
    selectAllPods: z.boolean().default(false),
    namespaceSelector: labelSelector.optional(),
    httpPort: port.prefault('8080'),
    pollingPeriod: period.prefault('10s'),
    httpPrometheusPort: port.prefault('2112'),
    agentImage: z.string().min(1, 'expected an image'),
    mode: z.enum(modes).default('auto'),
    protocols: z.array(z.enum(protocols)).min(1).optional(),
    topology: z
      .object({
        maxPeers: peerLimit.default(defaultMaxPeers),
        maxPeersPerNode: peerLimit.optional(),
      })
      .prefault({}),
  })
  .refine(({ podSelector, selectAllPods }) => selectAllPods || podSelector.length > 0, {
    path: ['podSelector'],
    message: 'expected matchLabels, matchExpressions, or selectAllPods: true',
  })
  .refine(({ httpPort, httpPrometheusPort }) => httpPort !== httpPrometheusPort, {
    path: ['httpPrometheusPort'],
    message: 'expected another port than httpPort',
  });

/** What is asked for, with every default. Ports are numbers, `pollingPeriod` is in nanoseconds. */
export type ProberSpec = Readonly<z.infer<typeof specSchema>>;

/** Which object, whatever it says. */
export interface ProberIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  /** Milliseconds since the Unix epoch. */
  readonly createdMs: number;
  /** Somebody has deleted it; it is there for its finalizer. */
  readonly deleted: boolean;
  readonly finalizers: readonly string[];
  readonly conditions: readonly Condition[];
}

/** As Kubernetes has conditions. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

export type ValidProber = ProberIdentity & { readonly kind: 'valid'; readonly spec: ProberSpec };

/** A NetworkProber as it was read. */
export type NetworkProber =
  | ValidProber
  /** `problems` has field, rule and value of each. */
  | (ProberIdentity & { readonly kind: 'invalid'; readonly problems: string });

const identitySchema = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    generation: z.number().default(0),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    finalizers: z.array(z.string()).default([]),
  }),
  status: z.object({ conditions: z.array(z.custom<Condition>()).default([]) }).prefault({}),
});

/** Reads an object of the API server. Undefined: it is none. */
export function readNetworkProber(object: unknown): NetworkProber | undefined {
  const identified = identitySchema.safeParse(object);
  if (!identified.success) return undefined;
  const { metadata, status } = identified.data;
  const identity: ProberIdentity = {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    generation: metadata.generation,
    createdMs: Date.parse(metadata.creationTimestamp),
    deleted: metadata.deletionTimestamp !== undefined,
    finalizers: metadata.finalizers,
    conditions: status.conditions,
  };
  const { spec } = object as { readonly spec?: unknown };
  const parsed = specSchema.safeParse(spec ?? {}, { reportInput: true });
  if (parsed.success) return { ...identity, kind: 'valid', spec: parsed.data };
  return {
    ...identity,
    kind: 'invalid',
    problems: parsed.error.issues.map(problemText).join('; '),
  };
}

function problemText({ path, message, input }: z.core.$ZodIssue): string {
  const got =
    input === undefined || typeof input === 'object' ? '' : `, got ${JSON.stringify(input)}`;
  return `${['spec', ...path].map(String).join('.')}: ${message}${got}`;
}

/** Who comes first where two select the same pod, or have the same name: the older one, then that whose namespace and name come first. */
export function comparePrecedence(one: ProberIdentity, other: ProberIdentity): number {
  return (
    one.createdMs - other.createdMs ||
    compareText(one.namespace, other.namespace) ||
    compareText(one.name, other.name)
  );
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** `namespace/name`. */
export function proberKey({ namespace, name }: Pick<ProberIdentity, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
