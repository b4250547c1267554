import { mirrorAnnotation } from '../../injection/names.ts';
import { readPod, type PodFacts as BarePod } from '../../injection/pod.ts';
import { doneAnnotation, proberAnnotation, sidecarNames } from '../../network-prober.ts';

/** What matters of a pod that has not finished and is not about to. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  /** Empty: none yet. */
  readonly node: string;
  /** The pod's first one. Empty: none yet. */
  readonly address: string;
  readonly running: boolean;
  readonly sidecar: Sidecar | undefined;
  /** Of one without a sidecar: what injection looked at, or would. */
  readonly bare: BarePod | undefined;
}

export interface Sidecar {
  /** `namespace/name` of its NetworkProber. Empty: the pod does not say. */
  readonly prober: string;
  /** Which ConfigMap it reads. */
  readonly configMap: string;
  /** At which it answers /ping; 0: it does not say. */
  readonly port: number;
}

interface Container {
  readonly name?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[] | null;
}

interface PodObject {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[] | null;
    readonly volumes?: readonly Volume[] | null;
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip?: string }[];
  };
}

interface Volume {
  readonly name?: string;
  readonly configMap?: { readonly name?: string };
  readonly projected?: {
    readonly sources?: readonly { readonly configMap?: { readonly name?: string } }[] | null;
  };
}

/** Reads a pod as the API server gives it; nothing for one that has finished, failed or is being deleted. */
export function podFacts(object: unknown): readonly PodFacts[] {
  const { metadata = {}, spec = {}, status = {} } = object as PodObject;
  const { name, namespace = '', annotations = {} } = metadata;
  const phase = status.phase ?? '';
  const sidecar = sidecarOf(spec, annotations);
  const ends = metadata.deletionTimestamp !== undefined;
  if (name === undefined || ends || phase === 'Succeeded' || phase === 'Failed') return [];
  return [
    {
      namespace,
      name,
      node: spec.nodeName ?? '',
      address: status.podIPs?.[0]?.ip ?? status.podIP ?? '',
      running: phase === 'Running',
      sidecar,
      bare: sidecar === undefined ? bareOf(object) : undefined,
    },
  ];
}

function sidecarOf(
  { containers = [], initContainers, volumes }: NonNullable<PodObject['spec']>,
  annotations: Readonly<Record<string, string>>,
): Sidecar | undefined {
  const all = [...containers, ...(initContainers ?? [])];
  const container = all.find(({ name }) => name === sidecarNames.container);
  const volume = volumes?.find(({ name }) => name === sidecarNames.volume);
  const configMap = volume?.configMap?.name ?? volume?.projected?.sources?.[0]?.configMap?.name;
  if (container === undefined || configMap === undefined) return undefined;
  const port = container.ports?.find(({ name }) => name === sidecarNames.pingPort);
  return {
    prober: annotations[proberAnnotation] ?? '',
    configMap,
    port: port?.containerPort ?? 0,
  };
}

/** Annotations that injection looks at. Others may be large. */
const keptAnnotations: readonly string[] = [doneAnnotation, mirrorAnnotation];

function bareOf(object: unknown): BarePod | undefined {
  const read = readPod(object);
  if (read?.annotations === undefined) return read;
  const kept = Object.entries(read.annotations).filter(([key]) => keptAnnotations.includes(key));
  return { ...read, annotations: Object.fromEntries(kept) };
}

/** `namespace/name`. */
export function podKey({ namespace, name }: Pick<PodFacts, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
