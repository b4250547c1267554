import type { TraceReference } from '../reference.ts';

/** A condition tree as `searchTraces` of the viewer takes it. */
export interface ViewerQuery {
  readonly id: string;
  readonly type: 'group';
  readonly group: { readonly logicalOperator: 'AND'; readonly children: readonly Condition[] };
}

interface Condition {
  readonly id: string;
  readonly type: 'condition';
  readonly query: {
    readonly field: Readonly<Record<string, string>>;
    readonly fieldOperator: '=';
    readonly value: string;
  };
}

const proberRoot = field('name', 'prober.main');
/** The root that the correlator makes for a pod that it watches. */
const observedRoot = field('name', 'pod.start-up');

/** Queries that find the reference, the first that finds anything winning. */
export function queriesFor(reference: Exclude<TraceReference, { kind: 'id' }>): ViewerQuery[] {
  if (reference.kind === 'last') {
    return [allOf([proberRoot])];
  }
  const { namespace, pod } = reference;
  const named = [attribute('k8s.namespace.name', namespace), attribute('k8s.pod.name', pod)];
  return [allOf([proberRoot, ...named]), allOf([observedRoot, ...named]), allOf(named)];
}

/** Finds the spans of a name. */
export function queryForName(name: string): ViewerQuery {
  return allOf([field('name', name)]);
}

/** Finds the spans of a service, of one node where that is not null. */
export function queryForSender(service: string, node: string | null): ViewerQuery {
  const ofNode = node === null ? [] : [attribute('k8s.node.name', node, 'resource')];
  return allOf([attribute('service.name', service, 'resource'), ...ofNode]);
}

function allOf(children: readonly Condition[]): ViewerQuery {
  return { id: 'all', type: 'group', group: { logicalOperator: 'AND', children } };
}

function field(name: string, value: string): Condition {
  return condition({ name, searchScope: 'field', type: 'string' }, value);
}

function attribute(
  name: string,
  value: string,
  attributeScope: 'span' | 'resource' = 'span',
): Condition {
  return condition({ name, searchScope: 'attribute', attributeScope, type: 'string' }, value);
}

function condition(of: Readonly<Record<string, string>>, value: string): Condition {
  return {
    id: of['name'] ?? '',
    type: 'condition',
    query: { field: of, fieldOperator: '=', value },
  };
}
