import { isIP } from 'node:net';

/** What matters of a Node. */
export interface NodePlace {
  readonly name: string;
  readonly zone: string;
  readonly rack: string;
  readonly addresses: readonly string[];
}

/** An address of a pod or of an endpoint, with the pod that is behind it where one is. */
export interface PodPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  /** Empty: that of its node. */
  readonly zone: string;
  readonly addresses: readonly string[];
  readonly port: number;
}

const zoneLabel = 'topology.kubernetes.io/zone';

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

interface KubeObject {
  readonly metadata?: Metadata;
}

/** The node's internal addresses, the first of each family, and its rack by the label that is named; empty: none is. */
export function nodePlace(object: unknown, rackLabel: string): readonly NodePlace[] {
  const { metadata, status } = object as KubeObject & {
    readonly status?: {
      readonly addresses?: readonly { readonly type?: string; readonly address?: string }[];
    };
  };
  if (metadata?.name === undefined) return [];
  const internal = (status?.addresses ?? []).filter(({ type }) => type === 'InternalIP');
  const addresses = onePerFamily(internal.map(({ address = '' }) => address));
  const { name, labels = {} } = metadata;
  return [{ name, zone: labels[zoneLabel] ?? '', rack: labels[rackLabel] ?? '', addresses }];
}

/** A pod that runs and is not about to end: a rollout is no loss. */
export function podPlace(object: unknown): readonly PodPlace[] {
  const { metadata, spec, status } = object as KubeObject & {
    readonly spec?: { readonly nodeName?: string };
    readonly status?: {
      readonly phase?: string;
      readonly podIPs?: readonly { readonly ip?: string }[];
      readonly podIP?: string;
    };
  };
  const ends = metadata?.deletionTimestamp !== undefined || status?.phase !== 'Running';
  if (metadata?.name === undefined || ends) return [];
  const texts = status.podIPs?.map(({ ip = '' }) => ip) ?? [status.podIP ?? ''];
  return placed({
    namespace: metadata.namespace ?? '',
    pod: metadata.name,
    node: spec?.nodeName ?? '',
    zone: '',
    addresses: onePerFamily(texts),
    port: 0,
  });
}

/** The endpoints of a slice that take traffic. */
export function slicePlaces(object: unknown): readonly PodPlace[] {
  const slice = object as KubeObject & {
    readonly addressType?: string;
    readonly endpoints?: readonly Endpoint[] | null;
    readonly ports?: readonly { readonly port?: number; readonly protocol?: string }[] | null;
  };
  if (slice.addressType === 'FQDN') return [];
  const port = slice.ports?.find(({ protocol = 'TCP' }) => protocol === 'TCP')?.port ?? 0;
  return (slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false && conditions?.terminating !== true)
    .flatMap(({ addresses = [], nodeName = '', zone = '', targetRef }) =>
      placed({
        namespace: targetRef?.namespace ?? slice.metadata?.namespace ?? '',
        pod: targetRef?.kind === 'Pod' ? (targetRef.name ?? '') : '',
        node: nodeName,
        zone,
        addresses: onePerFamily(addresses),
        port,
      }),
    );
}

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly nodeName?: string;
  readonly zone?: string;
  readonly conditions?: { readonly ready?: boolean; readonly terminating?: boolean };
  readonly targetRef?: {
    readonly kind?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
}

function placed(place: PodPlace): readonly PodPlace[] {
  return place.addresses.length === 0 ? [] : [place];
}

function onePerFamily(addresses: readonly string[]): readonly string[] {
  const [four, six] = [4, 6].map((family) => addresses.find((text) => isIP(text) === family));
  return [four, six].filter((address) => address !== undefined);
}
