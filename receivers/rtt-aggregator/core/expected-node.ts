import type { MeshPlace } from '../../shared/mesh/tally-report.ts';

interface Node {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** A node of Kubernetes as a place of the mesh: a pinger is wanted there. Racks are the pingers' to tell. */
export function expectedNode(object: unknown): readonly MeshPlace[] {
  const { name: node = '', labels } = (object as Node).metadata ?? {};
  const zone = labels?.['topology.kubernetes.io/zone'] ?? '';
  return node === '' ? [] : [{ node, zone, rack: '', namespace: '', pod: '' }];
}
