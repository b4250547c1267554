import type { TraceSpan } from '../trace/model.ts';
import type { Interval } from '../../receivers/shared/critical-path.ts';
import { componentOf, requestOf, runtimeCallOf, textOf } from './span-role.ts';

/** A span that a pod's start may wait for, below the work that caused it. */
export interface Work extends Interval<Work> {
  readonly span: TraceSpan;
  readonly parent: Work | undefined;
  readonly children: readonly Work[];
}

/**
 * One starts the next: the scheduler does not wait for the answer to the create request, nor the kubelet for that to the
 * binding. So each of these ends, as far as a start waits for it, where the next begins.
 */
export function inSequence(works: readonly Work[]): Work[] {
  return works.map((work) => {
    const order = orderOf(work);
    const next = works.find((other) => orderOf(other) > order && other.fromNs > work.fromNs);
    const endNs = order === 0 || next === undefined ? work.toNs : next.fromNs;
    return endNs < work.toNs ? { ...work, toNs: endNs } : work;
  });
}

function orderOf({ span, children }: Work): number {
  if (span.name === 'prober.create-pod') return 1;
  if (span.name === 'syncPod') return 3;
  const below = span.name === 'authentication' ? children[0]?.span : undefined;
  const request = requestOf(below ?? span);
  return request === 'create' ? 1 : request === 'binding' ? 2 : 0;
}

/** A span within the tree that causes make, which is not always that of parents. */
interface Placed {
  readonly span: TraceSpan;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  parent: Placed | undefined;
  readonly children: Placed[];
}

/**
 * The works of a trace at their tops, by start: the create request, the binding, the kubelet's syncs of the pod with the
 * runtime's calls below them, status updates, and whatever other programs tell. What a start does not wait for, such as
 * the kubelet's reads of the pod, is left out.
 */
export function worksOf(spans: readonly TraceSpan[]): Work[] {
  const all = spans
    .map((span): Placed => {
      const fromNs = BigInt(span.startTimeUnixNano);
      const endNs = BigInt(span.endTimeUnixNano);
      const toNs = endNs < fromNs ? fromNs : endNs;
      return { span, fromNs, toNs, parent: undefined, children: [] };
    })
    .filter(({ span }) => componentOf(span) !== 'telling' || span.name === 'prober.create-pod')
    .toSorted((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0));
  place(all);
  const telling = new Set(
    spans.filter((span) => componentOf(span) === 'telling').map(({ spanId }) => spanId),
  );
  return all.filter((each) => each.parent === undefined && isWork(each, telling));
}

/** Every work and what is below it, parents first. */
export function* withDescendants(works: readonly Work[]): Generator<Work> {
  const pending = works.toReversed();
  for (let work = pending.pop(); work !== undefined; work = pending.pop()) {
    yield work;
    pending.push(...work.children.toReversed());
  }
}

const startingCalls = new Set(['RunPodSandbox', 'PullImage', 'CreateContainer', 'StartContainer']);

function isWork({ span, children }: Placed, telling: ReadonlySet<string>): boolean {
  switch (componentOf(span)) {
    case 'telling':
      return true;
    case 'other':
      return telling.has(span.parentSpanId ?? '');
    case 'etcd':
      return false;
    case 'apiserver':
      return (
        requestOf(span) !== undefined ||
        (span.name === 'authentication' && children.some((child) => isWork(child, telling)))
      );
    case 'kubelet':
      return (
        span.name === 'syncPod' ||
        requestOf(span) !== undefined ||
        startingCalls.has(runtimeCallOf(span) ?? '')
      );
    case 'runtime':
      return startingCalls.has(runtimeCallOf(span) ?? '');
  }
}

function place(all: readonly Placed[]): void {
  const bySpanId = new Map(all.map((each) => [each.span.spanId, each]));
  const byOriginal = new Map(all.map((each) => [originalOf(each.span), each]));
  const syncs = all.filter(({ span }) => span.name === 'syncPod');
  const guards = all.filter(
    ({ span }) => span.name === 'authentication' && componentOf(span) === 'apiserver',
  );
  const guardOf = new Map(all.map((each) => [each, guardAround(each, guards)]));
  const guarded = new Map([...guardOf].map(([each, guard]) => [guard, each]));
  for (const each of all) {
    const parent =
      guardOf.get(each) ??
      callerOf(guarded.get(each) ?? each, byOriginal) ??
      bySpanId.get(each.span.parentSpanId ?? '') ??
      syncAround(each, syncs);
    if (parent !== undefined && !isAncestor(each, parent)) {
      each.parent = parent;
      parent.children.push(each);
    }
  }
}

/** Ids of the span that a stitched copy was made from; of any other span its own. */
function originalOf(span: TraceSpan): string {
  const traceId = textOf(span, 'kube_latency.original_trace_id');
  const spanId = textOf(span, 'kube_latency.original_span_id');
  return `${traceId}/${spanId === '' ? span.spanId : spanId}`;
}

/** A caller whom the API server does not trust to be a parent is linked to. */
function callerOf(each: Placed, byOriginal: ReadonlyMap<string, Placed>): Placed | undefined {
  if (each.span.kind !== 'server' || requestOf(each.span) === undefined) return undefined;
  for (const { traceId, spanId } of each.span.links) {
    const caller = byOriginal.get(`${traceId}/${spanId}`);
    if (caller !== undefined && caller !== each) return caller;
  }
  return undefined;
}

/** The authentication that a request went through stands beside it in the tree of parents, and lasts as long. */
function guardAround(each: Placed, guards: readonly Placed[]): Placed | undefined {
  if (each.span.kind !== 'server' || componentOf(each.span) !== 'apiserver') return undefined;
  const originOf = ({ span }: Placed): string =>
    textOf(span, 'kube_latency.original_trace_id') || String(span.parentSpanId);
  return guards.find(
    (guard) =>
      guard.fromNs <= each.fromNs && guard.toNs >= each.toNs && originOf(guard) === originOf(each),
  );
}

/** A sync waits for the pod's volumes, and they for the token that the kubelet asks for meanwhile. */
function syncAround(each: Placed, syncs: readonly Placed[]): Placed | undefined {
  if (requestOf(each.span) !== 'token') return undefined;
  return syncs.find((sync) => sync.fromNs <= each.fromNs && sync.toNs >= each.toNs);
}

function isAncestor(candidate: Placed, of: Placed): boolean {
  for (let at: Placed | undefined = of; at !== undefined; at = at.parent) {
    if (at === candidate) return true;
  }
  return false;
}
