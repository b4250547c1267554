import { readManifests } from '../../local/cluster/apply-manifests.ts';
import { kubectl } from './cluster.ts';

export interface ClusterObject {
  readonly kind: string;
  readonly uid: string;
  /** Counts changes of what is wanted; undefined for kinds that have none, and for Deployments, where it counts annotations, too. */
  readonly generation: number | undefined;
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
    readonly deletionTimestamp?: string;
  };
  readonly status?: object;
}

/** They come and go by themselves, or are no objects. */
const passing = /^(events|leases|componentstatuses)(\.|$)/;

/** Every object of every kind that can be listed, but for those that are being deleted, by kind, namespace and name. */
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
  return new Map(
    items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map((item) => {
        const { kind, metadata, status: _, ...rest } = item;
        const { uid, labels } = metadata;
        const generation = kind === 'Deployment' ? undefined : metadata.generation;
        const key = keyOf(kind, metadata);
        const ofNobody = kind === 'Node' || ofTheCluster.has(key);
        const ours = !ofNobody && speaksOfUs(item, nodes);
        return [key, { kind, uid, generation, ours, wanted: JSON.stringify({ ...rest, labels }) }];
      }),
  );
}

export function keyOf(
  kind: string,
  { name, namespace }: { readonly name: string; readonly namespace?: string | undefined },
): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function speaksOfUs({ metadata, ...rest }: Listed, nodes: readonly string[]): boolean {
  const text = JSON.stringify({ ...rest, metadata: { ...metadata, managedFields: undefined } });
  return nodes
    .reduce((less, node) => less.replaceAll(node, ''), text)
    .replaceAll('localhost/kube-latency/', '')
    .includes('kube-latency');
}
