import { bootRoot } from '../../../receivers/shared/boot-trace.ts';
import type { TraceSpan } from '../model.ts';
import type { TraceReference } from '../reference.ts';
import {
  maxBoots,
  type BootSource,
  type FoundBoots,
  type FoundProbes,
  type FoundTrace,
  type NewestSpan,
  type ProbeSource,
  type SenderSource,
  type TraceSource,
} from '../source.ts';
import { askSpans } from './api.ts';
import type { OwnedSpan } from './otlp.ts';

const hourMs = 3_600_000;
/** Whole traces come back, some hundred spans each, so the newest are looked for first. */
const longestMs = 30 * 24 * hourMs;
const windowsMs = [hourMs / 12, hourMs, 24 * hourMs, longestMs];
/** Spans of this machine's future: clocks differ. */
const aheadMs = 60_000;
const atOnce = 100;
const probesAtOnce = 50;

/** A root that begins a trace about a pod, by the service that makes it. */
interface Root {
  readonly service: string;
  readonly name: string;
}

const proberRoot: Root = { service: 'pod-prober', name: 'prober.main' };
/** That of a pod that the correlator watches. */
const observedRoot: Root = { service: 'correlator', name: 'pod.start-up' };
const nodeRoot: Root = { service: 'log-tailer', name: bootRoot };

/** Reads traces from a Jaeger 2, whose pages are at this address. */
export function jaegerSource(
  pages: URL,
  nowMs: () => number,
): TraceSource & ProbeSource & SenderSource & BootSource {
  async function byId(traceId: string, signal: AbortSignal): Promise<FoundTrace> {
    const found = await askSpans(pages, `traces/${traceId}`, { raw_traces: 'true' }, signal);
    if (found.kind === 'failed') return found;
    const spans = found.spans.map(({ span }) => span);
    return spans.length === 0
      ? { kind: 'missing' }
      : { kind: 'found', trace: { traceId, spans: once(spans) } };
  }

  function find(
    { service, name }: { readonly service: string; readonly name?: string },
    between: { readonly fromMs: number; readonly toMs: number; readonly count: number },
    signal: AbortSignal,
  ): ReturnType<typeof askSpans> {
    const query = {
      'query.service_name': service,
      ...(name === undefined ? {} : { 'query.operation_name': name }),
      'query.start_time_min': new Date(between.fromMs).toISOString(),
      'query.start_time_max': new Date(between.toMs).toISOString(),
      'query.num_traces': String(between.count),
      'query.raw_traces': 'true',
    };
    return askSpans(pages, 'traces', query, signal);
  }

  /** Trace id of the newest such root that fits. */
  async function newest(
    root: Root,
    fits: (span: TraceSpan) => boolean,
    signal: AbortSignal,
  ): Promise<string | FoundTrace> {
    const now = nowMs();
    for (const windowMs of windowsMs) {
      const between = { fromMs: now - windowMs, toMs: now + aheadMs, count: atOnce };
      const found = await find(root, between, signal);
      if (found.kind === 'failed') return found;
      const [first] = found.spans
        .filter(({ span }) => isRoot(span, root) && fits(span))
        .toSorted(laterFirst);
      if (first !== undefined) return first.traceId;
    }
    return { kind: 'missing' };
  }

  return {
    address: pages.href,
    pageUrl: (traceId) => new URL(`trace/${traceId}`, withSlash(pages)).href,
    async find(reference: TraceReference, signal: AbortSignal): Promise<FoundTrace> {
      if (reference.kind === 'id') return byId(reference.traceId, signal);
      const roots = reference.kind === 'last' ? [proberRoot] : [proberRoot, observedRoot];
      for (const root of roots) {
        const found = await newest(root, (span) => isAbout(span, reference), signal);
        if (typeof found === 'string') return byId(found, signal);
        if (found.kind !== 'missing') return found;
      }
      return { kind: 'missing' };
    },
    async probes({ fromNs, toNs, names }, signal): Promise<FoundProbes> {
      const between = {
        fromMs: msOf(fromNs),
        toMs: msOf(toNs),
        count: probesAtOnce,
      };
      const found = await find(proberRoot, between, signal);
      if (found.kind === 'failed') return found;
      const probes = [...Map.groupBy(found.spans, ({ traceId }) => traceId)]
        .map(([traceId, members]) => ({ traceId, spans: members.map(({ span }) => span) }))
        .filter(({ spans }) =>
          spans.some((span) => isRoot(span, proberRoot) && span.status.code !== 'error'),
        )
        .map(({ traceId, spans }) => ({ traceId, spans: timesOf(spans, names) }));
      return { kind: 'found', probes };
    },
    async boots(signal): Promise<FoundBoots> {
      const now = nowMs();
      const between = { fromMs: now - longestMs, toMs: now + aheadMs, count: maxBoots };
      const found = await find(nodeRoot, between, signal);
      if (found.kind === 'failed') return found;
      const traces = [...Map.groupBy(found.spans, ({ traceId }) => traceId)].map(
        ([traceId, members]) => ({ traceId, spans: once(members.map(({ span }) => span)) }),
      );
      return { kind: 'found', traces };
    },
    async newestSpan({ service, node, fromNs, toNs }, signal): Promise<NewestSpan> {
      const between = { fromMs: msOf(fromNs), toMs: msOf(toNs), count: atOnce };
      const found = await find({ service }, between, signal);
      if (found.kind === 'failed') return found;
      const [first] = found.spans
        .filter(({ span }) => span.service === service && isOn(span, node))
        .toSorted(laterFirst);
      return {
        kind: 'found',
        startNs: first === undefined ? null : BigInt(first.span.startTimeUnixNano),
      };
    },
  };
}

function isRoot(span: TraceSpan, { service, name }: Root): boolean {
  return span.service === service && span.name === name;
}

function isAbout({ attributes }: TraceSpan, reference: TraceReference): boolean {
  return (
    reference.kind !== 'pod' ||
    (attributes['k8s.namespace.name'] === reference.namespace &&
      attributes['k8s.pod.name'] === reference.pod)
  );
}

function isOn({ attributes }: TraceSpan, node: string | null): boolean {
  return node === null || attributes['resource.k8s.node.name'] === node;
}

function msOf(ns: bigint): number {
  return Number(ns / 1_000_000n);
}

function laterFirst(a: OwnedSpan, b: OwnedSpan): number {
  const difference = BigInt(b.span.startTimeUnixNano) - BigInt(a.span.startTimeUnixNano);
  return difference > 0n ? 1 : -1;
}

function timesOf(spans: readonly TraceSpan[], names: readonly string[]): Map<string, bigint> {
  return new Map(
    spans
      .filter(({ name, status }) => names.includes(name) && status.code !== 'error')
      .map((span) => [span.name, BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)]),
  );
}

/** Jaeger keeps a span that was delivered twice twice. */
function once(spans: readonly TraceSpan[]): TraceSpan[] {
  return [...new Map(spans.map((span) => [span.spanId, span])).values()];
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
