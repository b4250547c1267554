import { parseAllDocuments } from 'yaml';

/** An object of Kubernetes as manifests render it. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Objects by kind, namespace and name, ConfigMaps under the names that they have without the hash of what they hold. */
export type Objects = ReadonlyMap<string, KubeObject>;

/** What `kubectl kustomize` printed. */
export function objectsOf(rendered: string): Objects {
  const objects = parseAllDocuments(rendered).map((each) => each.toJS() as KubeObject);
  const plain = new Map(
    objects
      .filter(({ kind }) => kind === 'ConfigMap')
      .map(({ metadata }) => [metadata.name, metadata.name.replace(/-[a-z0-9]{10}$/, '')]),
  );
  return new Map(objects.map((each) => renamed(each, plain)).map((each) => [keyOf(each), each]));
}

function keyOf({ kind, metadata: { name, namespace } }: KubeObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function renamed<T>(value: T, names: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    key === 'name' && typeof each === 'string' ? (names.get(each) ?? each) : each,
  ) as T;
}
