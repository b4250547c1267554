import type { TraceSpan } from '../../../../cli/trace/model.ts';

/** 2026-11-21 08:57:24.680 UTC */
export const epochNs = 1_795_251_444_680_000_000n;

/** A span with times in microseconds since the epoch of these tests. */
export function span(
  spanId: number,
  parent: number | null,
  [fromUs, toUs]: readonly [number, number],
  rest: Partial<TraceSpan> = {},
): TraceSpan {
  return {
    service: 'pod-prober',
    name: `span ${spanId}`,
    kind: 'internal',
    spanId: idOf(spanId),
    parentSpanId: parent === null ? null : idOf(parent),
    startTimeUnixNano: at(fromUs),
    endTimeUnixNano: at(toUs),
    attributes: {},
    events: [],
    links: [],
    status: { code: 'unset', message: '' },
    ...rest,
  };
}

export function idOf(spanId: number): string {
  return spanId.toString(16).padStart(16, '0');
}

function at(us: number): string {
  return String(epochNs + BigInt(us) * 1000n);
}
