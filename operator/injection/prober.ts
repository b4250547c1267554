import { selects, type Labels, type LabelSelector } from './label-selector.ts';

/** What injection needs to know of a NetworkProber that wants sidecars. */
export interface InjectingProber {
  readonly namespace: string;
  readonly name: string;
  /** Its creationTimestamp, as the API server writes it. */
  readonly createdAt: string;
  readonly podSelector: LabelSelector;
  /** Of namespaces that have opted in; undefined: all of them. */
  readonly namespaceSelector?: LabelSelector | undefined;
  readonly pingPort: number;
  readonly metricsPort: number;
  readonly image: string;
}

export interface NamespaceFacts {
  readonly name: string;
  readonly labels: Labels;
}

/** `namespace/name`. */
export function proberKey({
  namespace,
  name,
}: Pick<InjectingProber, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/**
 * Of two that match one pod the older has it; of two of one second the one that comes first by namespace and name. So a new
 * NetworkProber takes no pod from another one.
 */
export function byPrecedence(
  a: Pick<InjectingProber, 'namespace' | 'name' | 'createdAt'>,
  b: Pick<InjectingProber, 'namespace' | 'name' | 'createdAt'>,
): number {
  const keys = (each: typeof a) => [each.createdAt, each.namespace, each.name];
  const others = keys(b);
  const index = keys(a).findIndex((key, at) => key !== others[at]);
  return index < 0 ? 0 : (keys(a)[index] ?? '') < (others[index] ?? '') ? -1 : 1;
}

/** The one that has a pod with these labels, whether or not it can inject into it. */
export function chooseProber<Prober extends InjectingProber>(
  labels: Labels,
  namespace: NamespaceFacts,
  probers: readonly Prober[],
): Prober | undefined {
  return probers
    .filter(
      ({ podSelector, namespaceSelector = {} }) =>
        selects(podSelector, labels) && selects(namespaceSelector, namespace.labels),
    )
    .toSorted(byPrecedence)[0];
}
