import { StartupError } from '../../receivers/shared/errors.ts';
import type { Trace } from './model.ts';
import { describeReference, type TraceReference } from './reference.ts';
import type { TraceSource } from './source.ts';
import { awaitTrace, monotonicClock, type WaitOptions } from './wait.ts';

/**
 * Reads one trace. Rejects with a StartupError of one line that says what was asked of whom when there is none, and
 * with the signal's reason.
 */
export async function readTrace(
  source: TraceSource,
  reference: TraceReference,
  { signal }: { readonly signal: AbortSignal },
  wait: WaitOptions,
): Promise<Trace> {
  const found = await awaitTrace(source, reference, { ...wait, signal, clock: monotonicClock });
  switch (found.kind) {
    case 'found':
      return found.trace;
    case 'missing':
      throw new StartupError(
        `looking for ${describeReference(reference)} in ${source.address}: found none; ` +
          'spans take up to 10 s to arrive, --wait waits for them',
      );
    case 'failed':
      throw new StartupError(
        `reading ${describeReference(reference)} from the backend ${source.address}: ${found.problem}; ` +
          'kube-latency status says whether the viewer runs, --backend names another',
      );
  }
}
