import type * as Api from '@opentelemetry/api';
import type { Context, Tracer } from '@opentelemetry/api';

import { bootRoot } from '../../shared/boot-trace.ts';
import { derivedSpanId } from '../../shared/derived-id.ts';
import type { SlottedIds } from '../../shared/span-ids.ts';
import type { BootSpan, BootTrace } from '../boot/trace/boot-span.ts';

type HrTime = [number, number];

/** As the SDK takes times: whole seconds and nanoseconds. */
export function hrTime(ns: bigint): HrTime {
  return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
}

/** Makes the spans of a boot through the OpenTelemetry SDK, with the ids and times that they have. */
export function emitBoot(
  api: Pick<typeof Api, 'ROOT_CONTEXT' | 'trace' | 'SpanStatusCode'>,
  { tracer, ids }: { readonly tracer: Tracer; readonly ids: SlottedIds },
  { traceId, spans }: BootTrace,
): void {
  const contexts = new Map<string, Context>();

  function emit(span: BootSpan): void {
    const { name, parent, startUnixNs, endUnixNs, attributes, events, failure } = span;
    const above = contexts.get(parent ?? '') ?? api.ROOT_CONTEXT;
    const options = { startTime: hrTime(startUnixNs), attributes, root: name === bootRoot };
    const spanId = derivedSpanId(traceId, name);
    const made = ids.withIds({ traceId, spanId }, () => tracer.startSpan(name, options, above));
    contexts.set(name, api.trace.setSpan(above, made));
    for (const event of events) made.addEvent(event.name, event.attributes, hrTime(event.atUnixNs));
    if (failure !== undefined) made.setStatus({ code: api.SpanStatusCode.ERROR, message: failure });
    made.end(hrTime(endUnixNs));
  }

  for (const span of spans) emit(span);
}
