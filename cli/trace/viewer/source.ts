import type { FoundTrace, TraceSource } from '../source.ts';
import type { TraceReference } from '../reference.ts';
import { queriesFor, type ViewerQuery } from './query.ts';
import { callViewer, type RpcOutcome } from './rpc.ts';
import { spansResult, tracesResult } from './schema.ts';
import { toTraceSpan } from './spans.ts';

/** The viewer's code for a trace that it does not have. */
const traceNotFound = -32001;
const beginningOfTime = '0';
const endOfTime = String(2n ** 63n - 1n);

/** Reads traces from otel-desktop-viewer, whose pages are at this address. */
export function viewerSource(pages: URL): TraceSource {
  const rpc = new URL('rpc', withSlash(pages));

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

  return {
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
  };
}

function unlessMissing(outcome: Exclude<RpcOutcome<unknown>, { kind: 'result' }>): FoundTrace {
  if (outcome.kind === 'failed') {
    return outcome;
  }
  return outcome.code === traceNotFound
    ? { kind: 'missing' }
    : { kind: 'failed', problem: `the viewer refused (${outcome.code}): ${outcome.message}` };
}

function withSlash(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
}
