import type { TraceSpan } from '../model.ts';
import type { ViewerAttribute, ViewerSpan } from './schema.ts';

const kinds: Readonly<Record<string, TraceSpan['kind']>> = {
  Internal: 'internal',
  Server: 'server',
  Client: 'client',
  Producer: 'producer',
  Consumer: 'consumer',
};

const statusCodes: Readonly<Record<string, TraceSpan['status']['code']>> = {
  Ok: 'ok',
  Error: 'error',
};

/** Turns a span of the viewer into ours. */
export function toTraceSpan(span: ViewerSpan): TraceSpan {
  const resource = span.resource.attributes;
  return {
    service: resource.find(({ key }) => key === 'service.name')?.value ?? 'unknown',
    name: span.name,
    kind: kinds[span.kind] ?? 'unspecified',
    spanId: span.spanID,
    parentSpanId: span.parentSpanID,
    startTimeUnixNano: span.startTime,
    endTimeUnixNano: span.endTime,
    attributes: { ...attributesOf(span.attributes), ...attributesOf(resource, 'resource.') },
    events: span.events.map(({ name, timestamp, attributes }) => ({
      name,
      timeUnixNano: timestamp,
      attributes: attributesOf(attributes),
    })),
    links: span.links.map(({ traceID, spanID }) => ({ traceId: traceID, spanId: spanID })),
    status: { code: statusCodes[span.statusCode] ?? 'unset', message: span.statusMessage },
  };
}

function attributesOf(
  attributes: readonly ViewerAttribute[],
  prefix = '',
): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map((attribute) => [`${prefix}${attribute.key}`, attributeValue(attribute)]),
  );
}

/** The viewer keeps every value as text beside its type; what JSON has no number for stays text. */
function attributeValue({ value, type }: ViewerAttribute): unknown {
  switch (type) {
    case 'bool':
      return value === 'true';
    case 'int64':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'float64':
      return Number.isFinite(Number(value)) ? Number(value) : value;
    default:
      return type.endsWith('[]') ? parsed(value) : value;
  }
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // A list that is not JSON is shown as the viewer keeps it.
    return value;
  }
}
