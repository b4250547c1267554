import type { Correlation } from './core/correlate.ts';
import type { Counts, DropReason } from './core/counts.ts';
import type { Component } from './core/evidence.ts';
import { readRequest, type RequestReader } from './wire/request.ts';
import { emptySpan, type Malformed } from './wire/span.ts';

export interface IntakeOptions {
  /** Which component a service.name stands for; `other_role`: one whose spans another correlator joins. */
  readonly services: ReadonlyMap<string, Component | 'other_role'>;
  /** Our own service.name: spans under it never come in again. */
  readonly ownService: string;
  /** Larger spans are not read. */
  readonly maxSpanBytes: number;
}

/** Takes an encoded ExportTraceServiceRequest in. What was malformed of it is counted; the rest counts all the same. */
export type Intake = (request: Buffer, nowMs: number) => Malformed | undefined;

export function createIntake(
  correlation: Correlation,
  options: IntakeOptions,
  counts: Counts,
): Intake {
  const scratch = emptySpan();
  let now = 0;
  let reason: DropReason = 'unknown_service';
  let component: Component | undefined;

  const reader: RequestReader = {
    wanted: (name) => {
      const known = options.services.get(name);
      component = known === 'other_role' ? undefined : known;
      reason = known === 'other_role' ? known : 'unknown_service';
      if (name === options.ownService) reason = 'own_output';
      return component !== undefined;
    },
    span: (span, origin) => {
      counts.received++;
      if (component !== undefined) correlation.span(span, component, origin, now);
    },
    unwanted: (count) => {
      counts.received += count;
      counts.dropped[reason] += count;
    },
    malformed: (why) => {
      counts.received++;
      counts.dropped[why]++;
    },
  };

  return (request, nowMs) => {
    now = nowMs;
    counts.requests++;
    const malformed = readRequest(request, scratch, reader, options.maxSpanBytes);
    if (malformed !== undefined) counts.malformedRequests++;
    correlation.settle(nowMs);
    return malformed;
  };
}
