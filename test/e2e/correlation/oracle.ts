import type { FileSpan } from '../../support/spans-file.ts';
import type { PodHistory } from './pod-history.ts';

/** Which pods a trace of the components' own speaks of, read from its spans alone. */
export type Reading =
  | { readonly kind: 'pod'; readonly uid: string }
  | { readonly kind: 'several' }
  | { readonly kind: 'none' }
  /** It names a pod at a time when either of two with that name may be meant. */
  | { readonly kind: 'unclear' };

const native = new Set(['kubelet', 'containerd', 'apiserver', 'etcd']);

export function serviceOf(span: FileSpan): string {
  return String(span.resource['service.name']);
}

export function isCopy(span: FileSpan): boolean {
  return span.attributes['kube_latency.stitched'] === true;
}

/** What a component recorded itself. */
export function isNative(span: FileSpan): boolean {
  return native.has(serviceOf(span)) && !isCopy(span);
}

/** Reads every native trace among the spans. */
export function readTraces(
  spans: readonly FileSpan[],
  history: PodHistory,
): Map<string, { readonly spans: readonly FileSpan[]; readonly reading: Reading }> {
  const traces = Map.groupBy(spans.filter(isNative), ({ traceId }) => traceId);
  const owners = ownersOfIds(spans.filter(isNative));
  return new Map(
    [...traces].map(([id, members]) => [
      id,
      { spans: members, reading: readTrace(members, owners, history) },
    ]),
  );
}

/** The pod of each container and sandbox: `<name>_<namespace>_<uid>_<attempt>` beside its id. */
function ownersOfIds(spans: readonly FileSpan[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { attributes } of spans)
    for (const what of ['sandbox', 'container']) {
      const [name, id] = [text(attributes[`${what}.name`]), text(attributes[`${what}.id`])];
      const uid = name.split('_').at(-2);
      if (uid !== undefined && id !== '') owners.set(id, uid);
    }
  return owners;
}

function readTrace(
  spans: readonly FileSpan[],
  owners: ReadonlyMap<string, string>,
  history: PodHistory,
): Reading {
  const uids = new Set<string>();
  let unclear = false;
  // Whoever finds no pod means one that was there before, and which of them only the asker knows.
  const missed = spans.some(({ attributes }) =>
    ['403', '404'].includes(text(attributes['http.response.status_code'])),
  );
  for (const span of spans) {
    for (const uid of uidsIn(span, owners)) uids.add(uid);
    for (const name of namesIn(span)) {
      const pod = history.podAt(name, Number(span.startNs / 1_000_000n));
      if (pod === 'unclear' || (missed && history.uidsNamed(exactly(name)).length > 1))
        unclear = true;
      else uids.add(pod?.uid ?? name);
    }
  }
  const [uid, another] = uids;
  if (another !== undefined) return { kind: 'several' };
  if (unclear) return { kind: 'unclear' };
  return uid === undefined ? { kind: 'none' } : { kind: 'pod', uid };
}

function uidsIn({ attributes }: FileSpan, owners: ReadonlyMap<string, string>): string[] {
  const named = [attributes['sandbox.name'], attributes['container.name']].map((name) =>
    text(name).split('_').at(-2),
  );
  const known = [attributes['sandbox.id'], attributes['container.id']].map((id) =>
    owners.get(text(id)),
  );
  return [text(attributes['k8s.pod.uid']) || undefined, ...named, ...known].filter(
    (uid) => uid !== undefined,
  );
}

const path = /\/api\/v1\/namespaces\/([^/?]+)\/pods\/([^/?]+)/;
const etcdKey = /^(?:\/registry)?\/pods\/([^/]+)\/([^/]+)$/;

/** `<namespace>/<name>` of the pods in its path and its etcd keys. */
function namesIn({ attributes }: FileSpan): string[] {
  const paths = ['http.target', 'url', 'url.full', 'url.path'].map((key) =>
    path.exec(text(attributes[key])),
  );
  const begin = attributes['range_end'] === undefined ? text(attributes['range_begin']) : '';
  const keys = [text(attributes['key']), text(attributes['success_first_key']), begin].map((key) =>
    etcdKey.exec(key),
  );
  return [...paths, ...keys].flatMap((found) =>
    found === null ? [] : [`${found[1]}/${found[2]}`],
  );
}

function exactly(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('.', '\\.')}$`);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
