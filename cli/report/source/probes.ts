import { startDeadline } from '../../../receivers/shared/deadline.ts';
import { explain } from '../../explain/explanation.ts';
import { phaseSpanNames } from '../../explain/boundaries.ts';
import { backendAt } from '../../trace/backend.ts';
import type { TraceSource } from '../../trace/source.ts';
import type { Part, ProbesPart, SlowProbe } from '../cluster-report.ts';
import { phaseTimes, totalNs } from '../phase-times.ts';

const withinMs = 30_000;
const slowest = 5;

/** The probes of the last `sinceMs`, read from the backend. Rejects only with the signal's reason. */
export async function readProbes(
  pages: URL,
  { sinceMs, nowMs }: { readonly sinceMs: number; readonly nowMs: number },
  signal: AbortSignal,
): Promise<Part<ProbesPart>> {
  const deadline = startDeadline(withinMs, signal);
  try {
    const source = await backendAt(pages, deadline.signal);
    const between = {
      fromNs: BigInt(Math.round(nowMs - sinceMs)) * 1_000_000n,
      toNs: BigInt(Math.round(nowMs)) * 1_000_000n,
      names: Object.values(phaseSpanNames),
    };
    const found = await source.probes(between, deadline.signal);
    if (found.kind === 'failed')
      return { kind: 'missing', why: `reading probes from ${source.address}: ${found.problem}` };
    const totals = found.probes
      .flatMap((probe) => {
        const ns = totalNs(probe);
        return ns === undefined ? [] : [{ traceId: probe.traceId, ns }];
      })
      .toSorted((a, b) => (a.ns > b.ns ? -1 : 1));
    const slow: SlowProbe[] = [];
    for (const { traceId, ns } of totals.slice(0, slowest))
      slow.push({
        traceId,
        url: source.pageUrl(traceId),
        seconds: Number(ns) / 1e9,
        verdict: await verdictOf(source, traceId, deadline.signal),
      });
    const value = {
      probes: found.probes.length,
      sinceMs,
      backend: source.address,
      phases: phaseTimes(found.probes),
      slowest: slow,
    };
    return { kind: 'read', value };
  } catch (caught) {
    signal.throwIfAborted();
    if (!deadline.expired()) throw caught;
    return { kind: 'missing', why: `${pages.href}: no answer within ${withinMs / 1000} s` };
  } finally {
    deadline.clear();
  }
}

async function verdictOf(
  source: TraceSource,
  traceId: string,
  signal: AbortSignal,
): Promise<string | null> {
  const found = await source.find({ kind: 'id', traceId }, signal);
  if (found.kind !== 'found') return null;
  const explained = explain(found.trace);
  return explained.kind === 'impossible' ? null : explained.explanation.verdict.sentence;
}
