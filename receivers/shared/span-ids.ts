import { randomBytes } from 'node:crypto';

import type { IdGenerator } from '@opentelemetry/sdk-trace';

/** Random hex digits; never all zero, which OpenTelemetry calls invalid. */
export function randomHex(bytes: number): string {
  const hex = randomBytes(bytes).toString('hex');
  return /^0+$/.test(hex) ? randomHex(bytes) : hex;
}

/** An id generator whose next ids can be told: the SDK asks for them inside startSpan. */
export interface SlottedIds extends IdGenerator {
  /** Runs start, which must start exactly one span, with these ids; the trace id only counts for a root. */
  readonly withIds: <T>(ids: { traceId: string; spanId: string }, start: () => T) => T;
}

export function createSlottedIds(): SlottedIds {
  let next: { traceId: string; spanId: string } | undefined;
  return {
    generateTraceId: () => next?.traceId ?? randomHex(16),
    generateSpanId: () => next?.spanId ?? randomHex(8),
    withIds: (ids, start) => {
      next = ids;
      try {
        return start();
      } finally {
        next = undefined;
      }
    },
  };
}
