import { slotOf } from '../wire/attributes.ts';
import { spanKind, spanName, type SpanFields } from '../wire/span.ts';
import {
  parseApiPath,
  podInEtcdKey,
  uidInRuntimeName,
  type ApiPath,
  type PodName,
} from './names.ts';
import { phaseOfRequest, phaseOfRuntimeCall, type Phase } from './phase.ts';

/** Which kind of program a span is of. */
export type Component = 'kubelet' | 'runtime' | 'apiserver' | 'etcd';

/** How a trace was found to belong to a pod, the most trusted first. */
export const rules = [
  'k8s.pod.uid',
  'runtime_name',
  'runtime_id',
  'link',
  'path',
  'handler',
  'etcd_key',
] as const;
export type Rule = (typeof rules)[number];

/** One hint of one span at the pod that its trace is about. */
export type Ref =
  | { readonly kind: 'uid'; readonly rule: Rule; readonly uid: string }
  | { readonly kind: 'id'; readonly rule: Rule; readonly id: string }
  | { readonly kind: 'trace'; readonly rule: Rule; readonly traceId: string }
  | { readonly kind: 'name'; readonly rule: Rule; readonly pod: PodName };

/**
 * What the span at which a trace enters our components says of it as a whole. `one`: it is about one pod or
 * none; `many`: it may touch several; `linked`: only a link, or another request of the same caller's trace, can tell;
 * `lone`: only a span that comes with it can; `none`: about no pod.
 */
export interface Entry {
  readonly about: 'one' | 'many' | 'linked' | 'lone' | 'none';
  readonly phase: Phase;
  /** It asks for a pod to be created, so it may begin before the pod does. */
  readonly creates: boolean;
  /** The answer to a request said that no such pod is there for the caller. */
  readonly missed?: boolean;
  /** The namespace that a request is about, where it names no pod. */
  readonly namespace?: string;
}

export interface Evidence {
  readonly refs: readonly Ref[];
  /** The refs alone prove that the trace is about one pod, whatever comes. */
  readonly sure: boolean;
  readonly entry: Entry | undefined;
}

export interface EvidenceOptions {
  /** Take part in requests that write Events about a pod. */
  readonly events: boolean;
}

const slot = {
  podUid: slotOf('k8s.pod.uid'),
  sandboxName: slotOf('sandbox.name'),
  containerName: slotOf('container.name'),
  sandboxId: slotOf('sandbox.id'),
  containerId: slotOf('container.id'),
  target: slotOf('http.target'),
  method: slotOf('http.request.method'),
  status: slotOf('http.response.status_code'),
  url: slotOf('url'),
  urlFull: slotOf('url.full'),
  resource: slotOf('resource'),
  namespace: slotOf('namespace'),
  name: slotOf('name'),
  key: slotOf('key'),
  rangeBegin: slotOf('range_begin'),
  rangeEnd: slotOf('range_end'),
  firstKey: slotOf('success_first_key'),
} as const;

const nothing: Evidence = { refs: [], sure: false, entry: undefined };

/** What a span says of the pod of its trace. */
export function evidenceOf(
  span: SpanFields,
  component: Component,
  options: EvidenceOptions,
): Evidence {
  switch (component) {
    case 'kubelet':
      return ofKubelet(span);
    case 'runtime':
      return ofRuntime(span);
    case 'apiserver':
      return ofApiserver(span, options);
    case 'etcd':
      return ofEtcd(span, options);
  }
}

const value = (span: SpanFields, index: number): string => span.values[index] ?? '';

function uidRef(uid: string, rule: Rule): Ref {
  return { kind: 'uid', rule, uid };
}

function nameRef(pod: PodName, rule: Rule): Ref {
  return { kind: 'name', rule, pod };
}

const syncPhases: Readonly<Record<string, Phase>> = {
  syncPod: 'start',
  syncTerminatingPod: 'cleanup',
  syncTerminatedPod: 'cleanup',
};

function ofKubelet(span: SpanFields): Evidence {
  const uid = value(span, slot.podUid);
  if (uid !== '') {
    const phase = span.hasParent ? undefined : (syncPhases[spanName(span)] ?? 'start');
    return { refs: [uidRef(uid, 'k8s.pod.uid')], sure: true, entry: oneEntry(phase) };
  }
  const url = value(span, slot.urlFull);
  if (url !== '') return ofKubeletRequest(span, url);
  return span.hasParent ? nothing : { ...nothing, entry: kubeletEntry(span) };
}

function ofKubeletRequest(span: SpanFields, url: string): Evidence {
  const path = parseApiPath(url);
  if (path.kind !== 'pod') return span.hasParent ? nothing : { ...nothing, entry: aboutNone };
  const method = value(span, slot.method) || (spanName(span).split(' ').at(-1) ?? '');
  const phase = span.hasParent ? undefined : phaseOfRequest(method, path.subresource);
  return { refs: [nameRef(path.pod, 'path')], sure: false, entry: requestEntry(span, phase) };
}

/**
 * Who may not see what is not there is told 403: the API server lets a kubelet read no pod but those bound to its
 * node, so that is the answer about one that is gone.
 */
const missedStatus = new Set(['403', '404']);

function requestEntry(span: SpanFields, phase: Phase | undefined): Entry | undefined {
  const entry = oneEntry(phase);
  return entry === undefined || !missedStatus.has(value(span, slot.status))
    ? entry
    : { ...entry, missed: true };
}

const aboutNone: Entry = { about: 'none', phase: 'root', creates: false };

function oneEntry(phase: Phase | undefined): Entry | undefined {
  return phase === undefined ? undefined : { about: 'one', phase, creates: false };
}

function kubeletEntry(span: SpanFields): Entry | undefined {
  const name = spanName(span);
  if (name.endsWith('/GarbageCollect')) return { about: 'many', phase: 'cleanup', creates: false };
  if (span.kind === spanKind.server) return aboutNone;
  return runtimeCallEntry(name);
}

const criCall = /^runtime\.v1\.(?:Runtime|Image)Service\/(\w+)$/;

/** Calls that no attribute ever ties to a pod: they ask for whole-node lists and statistics, or by an id that no span tells. */
const polling = new Set([
  'Version',
  'Status',
  'RuntimeConfig',
  'UpdateRuntimeConfig',
  'ListContainers',
  'ListPodSandbox',
  'ListImages',
  'ListContainerStats',
  'ListPodSandboxStats',
  'ListPodSandboxMetrics',
  'ListMetricDescriptors',
  'ContainerStats',
  'PodSandboxStats',
  'ContainerStatus',
  'PodSandboxStatus',
  'ImageStatus',
  'ImageFsInfo',
]);

function runtimeCallEntry(name: string): Entry | undefined {
  const call = criCall.exec(name)?.[1];
  if (call === undefined) return undefined;
  return polling.has(call) ? aboutNone : oneEntry(phaseOfRuntimeCall(call));
}

const runtimeSlots = [slot.sandboxName, slot.containerName, slot.sandboxId, slot.containerId];

function ofRuntime(span: SpanFields): Evidence {
  const told = runtimeSlots.some((index) => value(span, index) !== '');
  if (!told && span.hasParent) return nothing;
  const names = [
    uidInRuntimeName(value(span, slot.sandboxName), 'sandbox'),
    uidInRuntimeName(value(span, slot.containerName), 'container'),
  ].filter((uid) => uid !== undefined);
  const ids = [value(span, slot.sandboxId), value(span, slot.containerId)].filter(
    (id) => id !== '',
  );
  const entry = span.hasParent ? undefined : runtimeCallEntry(spanName(span));
  if (names.length === 0 && ids.length === 0 && entry === undefined) return nothing;
  const refs: Ref[] = [
    ...names.map((uid) => uidRef(uid, 'runtime_name')),
    ...ids.map((id): Ref => ({ kind: 'id', rule: 'runtime_id', id })),
  ];
  return { refs, sure: names.length > 0, entry };
}

function ofApiserver(span: SpanFields, options: EvidenceOptions): Evidence {
  if (span.kind === spanKind.server || value(span, slot.target) !== '')
    return ofRequest(span, options);
  if (!span.hasParent) return { ...nothing, entry: apiserverEntry(span) };
  const [path, key] = [value(span, slot.url), value(span, slot.key)];
  if (path === '' && key === '' && value(span, slot.resource) === '') return nothing;
  const refs = [...ofHandler(span, path), ...ofStorage(key, options)];
  return refs.length === 0 ? nothing : { refs, sure: false, entry: undefined };
}

function ofHandler(span: SpanFields, path: string): Ref[] {
  const [namespace, name] = [value(span, slot.namespace), value(span, slot.name)];
  const named = value(span, slot.resource) === 'pods' && namespace !== '' && name !== '';
  const parsed = parseApiPath(path);
  return [
    ...(named ? [nameRef({ namespace, name }, 'handler')] : []),
    ...(parsed.kind === 'pod' ? [nameRef(parsed.pod, 'path')] : []),
  ];
}

function ofStorage(key: string, options: EvidenceOptions): Ref[] {
  const pod = podInEtcdKey(key, options.events);
  return pod === undefined ? [] : [nameRef(pod, 'etcd_key')];
}

/**
 * What is no request: the server's own errands, and authentication, which begins before the request's span. That
 * span joins it where the caller's group is privileged, and else begins a trace of its own.
 */
function apiserverEntry(span: SpanFields): Entry {
  const authentication = spanName(span) === 'authentication';
  return authentication ? { about: 'lone', phase: 'root', creates: false } : aboutNone;
}

/** The span of a request as a whole. Its parent, where it has one, is the caller's and not among our spans. */
function ofRequest(span: SpanFields, options: EvidenceOptions): Evidence {
  const path = parseApiPath(value(span, slot.target));
  const method = value(span, slot.method) || (spanName(span).split(' ', 1)[0] ?? '');
  const links = span.links.map((traceId): Ref => ({ kind: 'trace', rule: 'link', traceId }));
  if (path.kind === 'pod') {
    const entry: Entry | undefined = appliesNew(span, method, path.subresource)
      ? { about: 'one', phase: 'create', creates: true }
      : requestEntry(span, phaseOfRequest(method, path.subresource));
    return { refs: [...links, nameRef(path.pod, 'path')], sure: true, entry };
  }
  if (path.kind === 'none' || (path.kind === 'events' && !options.events))
    return { ...nothing, entry: aboutNone };
  const known = aboutOf(path.kind, method, options);
  const called = span.hasParent && !span.parentIsLocal;
  const about = known ?? (links.length > 0 || called ? 'linked' : 'none');
  const status = value(span, slot.status);
  const creates = path.kind === 'pods' && about === 'one' && (status === '' || status === '201');
  const ofPath = path.kind === 'token' ? 'start' : creates ? 'create' : 'root';
  const phase = about === 'many' ? 'cleanup' : ofPath;
  return {
    refs: about === 'none' ? [] : links,
    sure: false,
    entry: {
      about,
      phase,
      creates,
      ...('namespace' in path ? { namespace: path.namespace } : {}),
    },
  };
}

/** Server-side apply creates with a PATCH what is not there. */
function appliesNew(span: SpanFields, method: string, subresource: string): boolean {
  return method === 'PATCH' && subresource === '' && value(span, slot.status) === '201';
}

/** What a request that names no pod is about, where its path and method tell. */
function aboutOf(
  kind: ApiPath['kind'],
  method: string,
  options: EvidenceOptions,
): Entry['about'] | undefined {
  if (kind === 'pods' && method === 'POST') return 'one';
  if (kind === 'pods' && method === 'DELETE') return 'many';
  if (kind === 'token' && method === 'POST') return 'one';
  return kind === 'events' && options.events && method !== 'GET' ? 'one' : undefined;
}

function ofEtcd(span: SpanFields, options: EvidenceOptions): Evidence {
  const whole = value(span, slot.rangeEnd) === '' ? value(span, slot.rangeBegin) : '';
  for (const key of [value(span, slot.key), value(span, slot.firstKey), whole]) {
    const pod = key === '' ? undefined : podInEtcdKey(key, options.events);
    if (pod !== undefined)
      return { refs: [nameRef(pod, 'etcd_key')], sure: false, entry: undefined };
  }
  return nothing;
}
