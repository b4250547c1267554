import type { Sample } from '../../../../receivers/rtt-pinger/core/sample.ts';
import type { Wanted } from '../../../../receivers/rtt-pinger/core/target.ts';

/** A probe that was answered in time. */
export function ok(of: Wanted, rttMs: number): Sample {
  return { kind: 'ok', target: { ...of, gone: false }, rttNs: rttMs * 1e6, late: false };
}

/** A probe that nobody answered. */
export function lost(of: Wanted): Sample {
  return { kind: 'failed', target: { ...of, gone: false }, reason: 'timeout', late: false };
}
