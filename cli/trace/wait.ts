import { sleep } from '../../receivers/shared/deadline.ts';
import type { TraceReference } from './reference.ts';
import type { FoundTrace, TraceSource } from './source.ts';

export interface WaitOptions {
  /** Bound of the whole wait; 0 asks once. */
  readonly timeoutMs: number;
  /** Services that must have a span in the trace before it counts as complete. */
  readonly services: readonly string[];
}

/** Time, for tests to bend. */
export interface WaitClock {
  nowMs(): number;
  /** Returns early when the signal ends. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const pollMs = 500;

/**
 * Components send what they have every 5 s (the Go SDK's batch processor), so a trace is settled when nothing came
 * for a little longer.
 */
const settledMs = 6_000;

export const monotonicClock: WaitClock = { nowMs: () => performance.now(), sleep };

/**
 * Asks for a trace until it has spans of the given services and has stopped growing, or time is up, and then gives
 * what there is. Rejects only with the signal's reason.
 */
export async function awaitTrace(
  source: TraceSource,
  reference: TraceReference,
  { signal, clock, ...options }: WaitOptions & { signal: AbortSignal; clock: WaitClock },
): Promise<FoundTrace> {
  const untilMs = clock.nowMs() + options.timeoutMs;
  let spans = 0;
  let grewMs = clock.nowMs();
  for (;;) {
    const found = await source.find(reference, signal);
    const nowMs = clock.nowMs();
    if (found.kind === 'found') {
      const { trace } = found;
      if (trace.spans.length !== spans) {
        spans = trace.spans.length;
        grewMs = nowMs;
      }
      const present = new Set(trace.spans.map(({ service }) => service));
      const whole = options.services.every((service) => present.has(service));
      if (whole && nowMs - grewMs >= settledMs) {
        return found;
      }
    }
    if (nowMs + pollMs > untilMs) {
      return found;
    }
    await clock.sleep(pollMs, signal);
  }
}
