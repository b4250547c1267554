import type { TraceSpan } from '../trace/model.ts';

/** The kind of program that a span is of; `telling`: the spans of prober and correlator that stand for phases. */
export type Component = 'telling' | 'apiserver' | 'etcd' | 'kubelet' | 'runtime' | 'other';

const components: Readonly<Record<string, Component>> = {
  'pod-prober': 'telling',
  correlator: 'telling',
  apiserver: 'apiserver',
  etcd: 'etcd',
  kubelet: 'kubelet',
  containerd: 'runtime',
  crio: 'runtime',
};

const tellingName =
  /^(?:prober\.|pod\.(?:start-up|schedule|initialize|start|ready|container#|terminate$))/;

export function componentOf({ service, name }: TraceSpan): Component {
  return Object.hasOwn(components, service)
    ? (components[service] ?? 'other')
    : tellingName.test(name)
      ? 'telling'
      : 'other';
}

/** A request to the API server that a pod's start may wait for. */
export type Request = 'create' | 'binding' | 'status' | 'token';

const requests: Readonly<Record<string, Request>> = {
  'POST pods ': 'create',
  'POST pods binding': 'binding',
  'PATCH pods status': 'status',
  'PUT pods status': 'status',
  'POST serviceaccounts token': 'token',
};

const servedPath =
  /^(\w+) \/api\/v1\/namespaces\/\{:namespace\}\/(pods|serviceaccounts)(?:\/\{:name\})?(?:\/(\w+))?$/;
const askedPath =
  /\/api\/v1\/namespaces\/[^/]+\/(pods|serviceaccounts)(?:\/[^/?]+)?(?:\/(\w+))?(?:\?|$)/;

/** The request that the span stands for as a whole, seen by the API server or by the kubelet. */
export function requestOf(span: TraceSpan): Request | undefined {
  switch (componentOf(span)) {
    case 'apiserver': {
      const [, verb = '', resource = '', subresource = ''] = servedPath.exec(span.name) ?? [];
      return requests[`${verb} ${resource} ${subresource}`];
    }
    case 'kubelet': {
      const [, verb = ''] = /^HTTP (\w+)$/.exec(span.name) ?? [];
      const url = textOf(span, 'url.full');
      const [, resource = '', subresource = ''] = askedPath.exec(url) ?? [];
      return requests[`${verb} ${resource} ${subresource}`];
    }
    case 'telling':
    case 'etcd':
    case 'runtime':
    case 'other':
      return undefined;
  }
}

/** The call of the container runtime interface that the span stands for, such as `RunPodSandbox`. */
export function runtimeCallOf(span: TraceSpan): string | undefined {
  return /^runtime\.v1\.(?:Runtime|Image)Service\/(\w+)$/.exec(span.name)?.[1];
}

export function isFailed(span: TraceSpan): boolean {
  return span.status.code === 'error';
}

/** A span attribute as text; empty where it is missing. */
export function textOf({ attributes }: Pick<TraceSpan, 'attributes'>, key: string): string {
  const value = attributes[key];
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The node that the span comes from, where the collector says it. */
export function nodeOf(span: TraceSpan): string | null {
  const told = textOf(span, 'resource.k8s.node.name') || textOf(span, 'resource.host.name');
  return told === '' ? null : told;
}
