import type { BootRecord } from '../../receivers/log-tailer/boot/boot-record.ts';
import type { BootSpan } from '../../receivers/log-tailer/boot/trace/boot-span.ts';
import { bootTrace } from '../../receivers/log-tailer/boot/trace/boot-trace.ts';
import { derivedSpanId } from '../../receivers/shared/derived-id.ts';
import type { Trace, TraceSpan } from '../trace/model.ts';

const service = 'log-tailer';

/** The trace that the log tailer exports of a boot; undefined where nothing happened. */
export function traceOfBoot(record: BootRecord): Trace | undefined {
  const trace = bootTrace(record);
  if (trace === undefined) return undefined;
  const { traceId, spans } = trace;
  return { traceId, spans: spans.map((span) => spanOf(traceId, span)) };
}

function spanOf(traceId: string, span: BootSpan): TraceSpan {
  const { name, parent, startUnixNs, endUnixNs, attributes, events, failure } = span;
  return {
    service,
    name,
    kind: 'internal',
    spanId: derivedSpanId(traceId, name),
    parentSpanId: parent === undefined ? null : derivedSpanId(traceId, parent),
    startTimeUnixNano: String(startUnixNs),
    endTimeUnixNano: String(endUnixNs),
    attributes,
    events: events.map((event) => ({
      name: event.name,
      timeUnixNano: String(event.atUnixNs),
      attributes: event.attributes,
    })),
    links: [],
    status:
      failure === undefined ? { code: 'unset', message: '' } : { code: 'error', message: failure },
  };
}
