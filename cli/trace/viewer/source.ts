import { bootRoot } from '../../../receivers/shared/boot-trace.ts';
import type { Trace } from '../model.ts';
import {
  maxBoots,
  maxProbes,
  type BootSource,
  type FoundBoots,
  type FoundProbes,
  type FoundTrace,
  type ProbeSource,
  type SenderSource,
  type TraceSource,
} from '../source.ts';
import type { TraceReference } from '../reference.ts';
import { queriesFor, queryForName, type ViewerQuery } from './query.ts';
import { newestSpanOf } from './senders.ts';
import { callViewer, problemOf, rpcAddress, withSlash, type RpcOutcome } from './rpc.ts';
import { spansResult, timesResult, tracesResult } from './schema.ts';
import { toTraceSpan } from './spans.ts';

/** The viewer's code for a trace that it does not have. */
const traceNotFound = -32001;
const beginningOfTime = '0';
const endOfTime = String(2n ** 63n - 1n);

/** Reads traces from otel-desktop-viewer, whose pages are at this address. */
export function viewerSource(pages: URL): TraceSource & ProbeSource & SenderSource & BootSource {
  const rpc = rpcAddress(pages);

  async function byId(traceId: string, signal: AbortSignal): Promise<FoundTrace> {
    const call = { method: 'searchSpans', params: [traceId], result: spansResult };
    const outcome = await callViewer(rpc, call, signal);
    if (outcome.kind === 'result') {
      const spans = outcome.result.spans.map(({ spanData }) => toTraceSpan(spanData));
      return { kind: 'found', trace: { traceId: outcome.result.traceID, spans } };
    }
    return unlessMissing(outcome);
  }

  async function newest(query: ViewerQuery, signal: AbortSignal): Promise<string | FoundTrace> {
    const params = [beginningOfTime, endOfTime, query];
    const call = { method: 'searchTraces', params, result: tracesResult };
    const outcome = await callViewer(rpc, call, signal);
    return outcome.kind === 'result'
      ? (outcome.result[0]?.traceID ?? { kind: 'missing' })
      : unlessMissing(outcome);
  }

  async function timesOf(
    name: string,
    { fromNs, toNs }: { readonly fromNs: bigint; readonly toNs: bigint },
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, bigint> | Failure> {
    const params = [String(fromNs), String(toNs), queryForName(name)];
    const call = { method: 'searchTraces', params, result: timesResult };
    const outcome = await callViewer(rpc, call, signal);
    if (outcome.kind !== 'result') return { kind: 'failed', problem: problemOf(outcome) };
    const completed = outcome.result.filter(({ errorCount }) => errorCount === 0);
    return new Map(
      completed.map(({ traceID, durationNs }) => [traceID, BigInt(durationNs ?? 0)] as const),
    );
  }

  async function boots(signal: AbortSignal): Promise<FoundBoots> {
    const params = [beginningOfTime, endOfTime, queryForName(bootRoot)];
    const call = { method: 'searchTraces', params, result: tracesResult };
    const outcome = await callViewer(rpc, call, signal);
    if (outcome.kind !== 'result') return { kind: 'failed', problem: problemOf(outcome) };
    const traces: Trace[] = [];
    for (const { traceID } of outcome.result.slice(0, maxBoots)) {
      const found = await byId(traceID, signal);
      if (found.kind === 'failed') return found;
      if (found.kind === 'found') traces.push(found.trace);
    }
    return { kind: 'found', traces };
  }

  return {
    boots,
    address: pages.href,
    pageUrl: (traceId) => new URL(`traces/${traceId}`, withSlash(pages)).href,
    async find(reference: TraceReference, signal: AbortSignal): Promise<FoundTrace> {
      if (reference.kind === 'id') {
        return byId(reference.traceId, signal);
      }
      for (const query of queriesFor(reference)) {
        const found = await newest(query, signal);
        if (typeof found === 'string') {
          return byId(found, signal);
        }
        if (found.kind !== 'missing') {
          return found;
        }
      }
      return { kind: 'missing' };
    },
    newestSpan: (asked, signal) => newestSpanOf(rpc, asked, signal),
    async probes({ names, ...between }, signal): Promise<FoundProbes> {
      const roots = await timesOf('prober.main', between, signal);
      if ('problem' in roots) return roots;
      const traceIds = [...roots.keys()].slice(0, maxProbes);
      const spans = new Map(traceIds.map((traceId) => [traceId, new Map<string, bigint>()]));
      for (const name of names) {
        const times = await timesOf(name, between, signal);
        if ('problem' in times) return times;
        for (const [traceId, ns] of times) spans.get(traceId)?.set(name, ns);
      }
      const probes = [...spans].map(([traceId, own]) => ({ traceId, spans: own }));
      return { kind: 'found', probes };
    },
  };
}

interface Failure {
  readonly kind: 'failed';
  readonly problem: string;
}

function unlessMissing(outcome: Exclude<RpcOutcome<unknown>, { kind: 'result' }>): FoundTrace {
  return outcome.kind === 'refused' && outcome.code === traceNotFound
    ? { kind: 'missing' }
    : { kind: 'failed', problem: problemOf(outcome) };
}
