import type { PodChoice } from './measured-pod.ts';

/** A collection of the API, with its selectors. */
interface Collected {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** The node alone. */
export function nodePath(node: string): Collected {
  return { path: '/api/v1/nodes', query: { fieldSelector: `metadata.name=${node}` } };
}

/** The pods on the node among which the measured one is. */
export function podsPath(node: string, { namespace, name }: PodChoice): Collected {
  const within = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const named = name === '' ? '' : `,metadata.name=${name}`;
  return {
    path: `/api/v1${within}/pods`,
    query: { fieldSelector: `spec.nodeName=${node}${named}` },
  };
}
