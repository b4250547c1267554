import { z } from 'zod';
import type { TraceSpan } from '../model.ts';

/** 64-bit numbers are text in OTLP's JSON; some writers have numbers. */
const longSchema = z.union([z.string(), z.number()]).transform(String);

interface AnyValue {
  readonly stringValue?: string | undefined;
  readonly boolValue?: boolean | undefined;
  readonly intValue?: string | undefined;
  readonly doubleValue?: number | undefined;
  readonly bytesValue?: string | undefined;
  readonly arrayValue?: { readonly values: readonly AnyValue[] } | undefined;
  readonly kvlistValue?: { readonly values: readonly Attribute[] } | undefined;
}

interface Attribute {
  readonly key: string;
  readonly value: AnyValue;
}

const valueSchema: z.ZodType<AnyValue> = z.looseObject({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: longSchema.optional(),
  doubleValue: z.number().optional(),
  bytesValue: z.string().optional(),
  get arrayValue() {
    return z.looseObject({ values: z.array(valueSchema).default([]) }).optional();
  },
  get kvlistValue() {
    return z.looseObject({ values: attributesSchema }).optional();
  },
});

const attributesSchema: z.ZodType<readonly Attribute[]> = z
  .array(z.looseObject({ key: z.string(), value: valueSchema.default({}) }))
  .default([]);

const eventSchema = z.looseObject({
  name: z.string().default(''),
  timeUnixNano: longSchema,
  attributes: attributesSchema,
});

const spanSchema = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().default(''),
  name: z.string().default(''),
  kind: z.union([z.number(), z.string()]).default(0),
  startTimeUnixNano: longSchema,
  endTimeUnixNano: longSchema,
  attributes: attributesSchema,
  events: z.array(eventSchema).default([]),
  links: z.array(z.looseObject({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z
    .looseObject({
      code: z.union([z.number(), z.string()]).default(0),
      message: z.string().default(''),
    })
    .default({ code: 0, message: '' }),
});

/** Spans as OTLP's JSON has them. */
export const tracesSchema = z.looseObject({
  resourceSpans: z
    .array(
      z.looseObject({
        resource: z.looseObject({ attributes: attributesSchema }).default({ attributes: [] }),
        scopeSpans: z.array(z.looseObject({ spans: z.array(spanSchema).default([]) })).default([]),
      }),
    )
    .default([]),
});

/** A span, and the trace that it belongs to. */
export interface OwnedSpan {
  readonly traceId: string;
  readonly span: TraceSpan;
}

/** All spans, as ours. */
export function spansOf({ resourceSpans }: z.infer<typeof tracesSchema>): OwnedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const own = attributesOf(resource.attributes, 'resource.');
    const name = own['resource.service.name'];
    const service = typeof name === 'string' ? name : 'unknown';
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({ traceId: span.traceId, span: toTraceSpan(span, service, own) }));
  });
}

function toTraceSpan(
  span: z.infer<typeof spanSchema>,
  service: string,
  resource: Readonly<Record<string, unknown>>,
): TraceSpan {
  const { code, message } = span.status;
  return {
    service,
    name: span.name,
    kind: kinds[String(span.kind)] ?? 'unspecified',
    spanId: span.spanId,
    parentSpanId: /[1-9a-f]/.test(span.parentSpanId) ? span.parentSpanId : null,
    startTimeUnixNano: span.startTimeUnixNano,
    endTimeUnixNano: span.endTimeUnixNano,
    attributes: { ...attributesOf(span.attributes), ...resource },
    events: span.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      timeUnixNano,
      attributes: attributesOf(attributes),
    })),
    links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    status: { code: statusCodes[String(code)] ?? 'unset', message },
  };
}

/** Both forms that protobuf's JSON allows. */
const kinds: Readonly<Record<string, TraceSpan['kind']>> = {
  1: 'internal',
  2: 'server',
  3: 'client',
  4: 'producer',
  5: 'consumer',
  SPAN_KIND_INTERNAL: 'internal',
  SPAN_KIND_SERVER: 'server',
  SPAN_KIND_CLIENT: 'client',
  SPAN_KIND_PRODUCER: 'producer',
  SPAN_KIND_CONSUMER: 'consumer',
};

const statusCodes: Readonly<Record<string, TraceSpan['status']['code']>> = {
  1: 'ok',
  2: 'error',
  STATUS_CODE_OK: 'ok',
  STATUS_CODE_ERROR: 'error',
};

function attributesOf(attributes: readonly Attribute[], prefix = ''): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [`${prefix}${key}`, plain(value)]));
}

function plain(value: AnyValue): unknown {
  const { intValue, arrayValue, kvlistValue } = value;
  if (intValue !== undefined) {
    return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : intValue;
  }
  if (arrayValue !== undefined) return arrayValue.values.map(plain);
  if (kvlistValue !== undefined) return attributesOf(kvlistValue.values);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? '';
}
