export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

const uidPattern = /^[0-9a-f][0-9a-f-]{7,63}$/i;

/**
 * The pod's uid inside a name that a CRI runtime gives: POD_NAMESPACE_UID_ATTEMPT to a sandbox,
 * CONTAINER_POD_NAMESPACE_UID_ATTEMPT to a container. Names in Kubernetes hold no underscore.
 */
export function uidInRuntimeName(name: string, of: 'sandbox' | 'container'): string | undefined {
  const parts = name.split('_');
  if (parts.length !== (of === 'sandbox' ? 4 : 5)) return undefined;
  const uid = parts.at(-2) ?? '';
  return uidPattern.test(uid) ? uid : undefined;
}

/** What a path of the API server asks for, as far as one pod is concerned. */
export type ApiPath =
  | { readonly kind: 'pod'; readonly pod: PodName; readonly subresource: string }
  | { readonly kind: 'pods'; readonly namespace: string }
  | { readonly kind: 'token'; readonly namespace: string }
  | { readonly kind: 'events'; readonly namespace: string }
  /** What every node and controller asks for all the time, for no pod in particular. */
  | { readonly kind: 'none' }
  | { readonly kind: 'other' };

const other: ApiPath = { kind: 'other' };
const none: ApiPath = { kind: 'none' };

const errand =
  /^\/(?:api\/v1\/nodes|apis\/(?:coordination|authentication|authorization|discovery)\.k8s\.io)(?:\/|$)/;

/** Reads a request URI or a whole URL. Pods behind a port or scheme (the proxy subresource's `https:name:443`) are not told apart and count as other. */
export function parseApiPath(url: string): ApiPath {
  const scheme = url.indexOf('://');
  const from = scheme < 0 ? 0 : url.indexOf('/', scheme + 3);
  const query = url.includes('?') ? url.indexOf('?') : url.length;
  const path = url.slice(from < 0 ? url.length : from, query);
  if (errand.test(path)) return none;
  const parts = path.split('/');
  const at = parts.indexOf('namespaces');
  const group = parts.slice(1, at).join('/');
  const [namespace, resource, name, subresource = ''] = parts.slice(at + 1);
  if (at < 0 || namespace === undefined || namespace === '') return other;
  if (group === 'api/v1' && resource === 'pods') {
    if (name === undefined || name === '') return podsOrOne(namespace, url.slice(query + 1));
    if (name.includes(':')) return other;
    return { kind: 'pod', pod: { namespace, name }, subresource };
  }
  if (group === 'api/v1' && resource === 'serviceaccounts' && subresource === 'token')
    return { kind: 'token', namespace };
  const eventGroups = ['api/v1', 'apis/events.k8s.io/v1'];
  return eventGroups.includes(group) && resource === 'events'
    ? { kind: 'events', namespace }
    : other;
}

/** A list or watch of the one pod of a name counts as a request about that pod. */
function podsOrOne(namespace: string, query: string): ApiPath {
  const parameters = new URLSearchParams(query);
  const [, name] = /^metadata\.name==?([^,]+)$/.exec(parameters.get('fieldSelector') ?? '') ?? [];
  if (name === undefined) return { kind: 'pods', namespace };
  const watch = ['1', 'true'].includes(parameters.get('watch') ?? '');
  return { kind: 'pod', pod: { namespace, name }, subresource: watch ? 'watch' : '' };
}

const podKey = /^\/(?:[^/.]+\/)?pods\/([^/]+)\/([^/]+)$/;
const eventKey = /^\/(?:[^/.]+\/)?events\/([^/]+)\/([^/]+)\.[^./]+$/;

/**
 * The pod in an etcd key: `/pods/NS/NAME` as the API server writes it in its spans, `/registry/pods/NS/NAME`
 * as etcd does. With `events`, also the pod whose Event it is (`/events/NS/NAME.HASH`).
 */
export function podInEtcdKey(key: string, events: boolean): PodName | undefined {
  const [, namespace, name] = podKey.exec(key) ?? (events ? eventKey.exec(key) : null) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
