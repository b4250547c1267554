import assert from 'node:assert/strict';
import type { ProbeReport, ProbeResult } from '../../receivers/pod-prober/report.ts';
import type { Trace, TraceSpan } from '../../cli/trace/model.ts';
import { clusterNow } from './cluster.ts';
import { kubeLatency, type CommandOptions, type Finished } from './command.ts';
import { eventually } from './eventually.ts';

export interface Probed {
  readonly finished: Finished;
  readonly report: ProbeReport;
}

/**
 * Runs `kube-latency probe` on this machine, or in a cluster of kind, whose pods and collectors this machine does not reach,
 * and parses its report; fails where it printed none.
 */
export function probe(args: readonly string[], options?: CommandOptions): Promise<Probed> {
  const place = clusterNow().on === 'kind' ? [] : ['--here'];
  return probeAnywhere([...place, ...args], options);
}

/** The same, in the cluster where that can be. */
export async function probeAnywhere(
  args: readonly string[],
  options?: CommandOptions,
): Promise<Probed> {
  const finished = await kubeLatency(['probe', '--output', 'json', ...args], options);
  assert.notEqual(finished.stdout, '', finished.stderr);
  return { finished, report: JSON.parse(finished.stdout) as ProbeReport };
}

/** The only probe of a report. */
export function only({ probes }: ProbeReport): ProbeResult {
  const [result, ...others] = probes;
  assert.ok(result !== undefined && others.length === 0, `${probes.length} probes`);
  return result;
}

/** A trace as `kube-latency trace` reads it back from the backend, once `complete` accepts it. */
export function traceOnce(traceId: string, complete: (trace: Trace) => void): Promise<Trace> {
  return eventually(
    async () => {
      const read = await kubeLatency(['trace', traceId, '--output', 'json']);
      assert.equal(read.code, 0, read.stderr);
      const trace = JSON.parse(read.stdout) as Trace;
      complete(trace);
      return trace;
    },
    { withinMs: 30_000, everyMs: 1000 },
  );
}

/** The only span of a service with this name. */
export function spanOf(trace: Trace, service: string, name: string): TraceSpan {
  const found = trace.spans.filter((span) => span.service === service && span.name === name);
  assert.equal(found.length, 1, `${found.length} spans ${name} of ${service} in ${trace.traceId}`);
  return found[0] as TraceSpan;
}

/** Names of the span and all its ancestors, up to the one without parent; fails where a parent is missing. */
export function ancestry(trace: Trace, span: TraceSpan): string[] {
  const names = [span.name];
  for (let at = span; at.parentSpanId !== null;) {
    const parent = trace.spans.find(({ spanId }) => spanId === at.parentSpanId);
    assert.ok(parent, `parent ${at.parentSpanId} of ${at.name} in ${trace.traceId}`);
    names.push(parent.name);
    at = parent;
  }
  return names;
}
