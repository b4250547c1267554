import { readManifests } from '../../local/cluster/apply-manifests.ts';
import { kubectl } from './cluster.ts';

export interface ClusterObject {
  readonly kind: string;
  readonly uid: string;
  /** Counts changes of what is wanted; undefined for kinds that have none. A Deployment's own counts annotations, too: its revision instead. */
  readonly generation: number | string | undefined;
  /** What is wanted, as text: all but the state, and metadata but for labels. */
  readonly wanted: string;
  /** Whether any part of it speaks of kube-latency, but for names of nodes and images. */
  readonly ours: boolean;
}

interface Listed {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly generation?: number;
    readonly labels?: object;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status?: object;
}

/** They come and go by themselves, or are no objects. */
const passing = /^(events|leases|componentstatuses)(\.|$)/;

/** Every object of every kind that can be listed, but for those that are being deleted, alone or with their namespace, by kind, namespace and name. */
export async function clusterObjects(): Promise<ReadonlyMap<string, ClusterObject>> {
  const types = (await kubectl(['api-resources', '--verbs=list', '--output=name']))
    .split('\n')
    .filter((type) => type !== '' && !passing.test(type));
  const listed = await kubectl(['get', types.join(','), '--all-namespaces', '--output=json']);
  const { items } = JSON.parse(listed) as { readonly items: readonly Listed[] };
  const nodes = items.filter(({ kind }) => kind === 'Node').map(({ metadata }) => metadata.name);
  const ofTheCluster = new Set(
    (await readManifests()).map(({ kind, metadata }) => keyOf(kind, metadata)),
  );
  const going = new Set(
    items.filter(isBeingDeleted).flatMap(({ kind, metadata }) => {
      return kind === 'Namespace' ? [metadata.name] : [];
    }),
  );
  return new Map(
    items
      .filter((item) => !isBeingDeleted(item) && !going.has(item.metadata.namespace ?? ''))
      .map((item) => {
        const { kind, metadata, status: _, ...rest } = item;
        const { uid, labels } = metadata;
        const generation =
          kind === 'Deployment'
            ? metadata.annotations?.['deployment.kubernetes.io/revision']
            : metadata.generation;
        const key = keyOf(kind, metadata);
        const ofNobody = kind === 'Node' || ofTheCluster.has(key);
        const ours = !ofNobody && speaksOfUs(item, nodes);
        return [key, { kind, uid, generation, ours, wanted: JSON.stringify({ ...rest, labels }) }];
      }),
  );
}

/** Names of what is there, but for pods and what workloads remember of earlier versions, whose names say nothing. */
export async function lastingObjects(): Promise<string[]> {
  return [...(await clusterObjects())]
    .filter(([, { kind }]) => !['Pod', 'ReplicaSet', 'ControllerRevision'].includes(kind))
    .map(([name]) => name)
    .toSorted();
}

export function keyOf(
  kind: string,
  { name, namespace }: { readonly name: string; readonly namespace?: string | undefined },
): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function isBeingDeleted({ metadata }: Listed): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function speaksOfUs({ metadata, ...rest }: Listed, nodes: readonly string[]): boolean {
  const text = JSON.stringify({ ...rest, metadata: { ...metadata, managedFields: undefined } });
  return nodes
    .reduce((less, node) => less.replaceAll(node, ''), text)
    .replaceAll('localhost/kube-latency/', '')
    .includes('kube-latency');
}
