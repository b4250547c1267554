import protobuf from 'protobufjs';

/** The trace part of OTLP, as published, for a codec that shares nothing with the one under test. */
const schema = `
syntax = "proto3";
package otlp;
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ExportTraceServiceResponse { ExportTracePartialSuccess partial_success = 1; }
message ExportTracePartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
  int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
  repeated Event events = 11; uint32 dropped_events_count = 12;
  repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16;
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; fixed32 flags = 6; }
}
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
`;

const { root } = protobuf.parse(schema, { keepCase: true });
const requestType = root.lookupType('otlp.ExportTraceServiceRequest');

export type Value = string | number | boolean;

export interface SpanSpec {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly name: string;
  /** 2 server, 3 client. */
  readonly kind?: number;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly attributes?: Readonly<Record<string, Value>>;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface ResourceSpec {
  readonly service: string;
  readonly scope?: string;
  readonly spans: readonly SpanSpec[];
}

export interface DecodedSpan {
  readonly service: string;
  readonly resource: Readonly<Record<string, Value>>;
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly name: string;
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, Value>>;
  /** Every key as often as it is there. */
  readonly attributeKeys: readonly string[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly events: readonly string[];
  readonly status: number;
}

function anyValue(value: Value): object {
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  return Number.isInteger(value) ? { int_value: value } : { double_value: value };
}

function keyValues(attributes: Readonly<Record<string, Value>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const nano = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);

function spanMessage(span: SpanSpec): object {
  return {
    trace_id: hex(span.traceId),
    span_id: hex(span.spanId),
    ...(span.parentId === undefined ? {} : { parent_span_id: hex(span.parentId) }),
    name: span.name,
    kind: span.kind ?? 1,
    start_time_unix_nano: nano(span.startMs ?? 1000),
    end_time_unix_nano: nano(span.endMs ?? (span.startMs ?? 1000) + 1),
    attributes: keyValues(span.attributes ?? {}),
    events: [{ time_unix_nano: nano(span.startMs ?? 1000), name: 'an event' }],
    links: (span.links ?? []).map((link) => ({
      trace_id: hex(link.traceId),
      span_id: hex(link.spanId),
    })),
    status: { code: 1 },
    flags: 0x101,
  };
}

export function encodeRequest(resources: readonly ResourceSpec[]): Buffer {
  const message = {
    resource_spans: resources.map(({ service, scope, spans }) => ({
      resource: { attributes: keyValues({ 'service.name': service, 'k8s.node.name': 'n1' }) },
      scope_spans: [{ scope: { name: scope ?? 'a scope' }, spans: spans.map(spanMessage) }],
      schema_url: 'https://example.com/schema',
    })),
  };
  return Buffer.from(requestType.encode(requestType.fromObject(message)).finish());
}

interface Plain {
  readonly [key: string]: unknown;
}

function fromKeyValues(pairs: readonly Plain[]): Record<string, Value> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const value = pair['value'] as Plain | undefined;
      return [String(pair['key']), Object.values(value ?? {})[0] as Value];
    }),
  );
}

function fromSpan(
  span: Record<string, never>,
  around: Pick<DecodedSpan, 'service' | 'resource' | 'scope'>,
): DecodedSpan {
  const list = (key: string): Plain[] => (span[key] as Plain[] | undefined) ?? [];
  const id = (bytes: unknown): string => Buffer.from((bytes as Uint8Array) ?? []).toString('hex');
  return {
    ...around,
    traceId: id(span['trace_id']),
    spanId: id(span['span_id']),
    parentId: id(span['parent_span_id']),
    name: String(span['name']),
    kind: Number(span['kind']),
    startNs: BigInt(span['start_time_unix_nano'] ?? 0),
    endNs: BigInt(span['end_time_unix_nano'] ?? 0),
    attributes: fromKeyValues(list('attributes')),
    attributeKeys: list('attributes').map((pair) => String(pair['key'])),
    links: list('links').map((link) => ({
      traceId: id(link['trace_id']),
      spanId: id(link['span_id']),
    })),
    events: list('events').map((event) => String(event['name'])),
    status: (span['status'] as { code?: number } | undefined)?.code ?? 0,
  };
}

/** Decodes a request into its spans; throws where it is not one. */
export function decodeRequest(bytes: Uint8Array): DecodedSpan[] {
  const plain = requestType.toObject(requestType.decode(bytes), { longs: String }) as {
    resource_spans?: Record<string, never>[];
  };
  return (plain.resource_spans ?? []).flatMap((resourceSpans) => {
    const attributes = (resourceSpans['resource'] as { attributes?: Plain[] } | undefined)
      ?.attributes;
    const resource = fromKeyValues(attributes ?? []);
    const scopeSpans = (resourceSpans['scope_spans'] ?? []) as Record<string, never>[];
    return scopeSpans.flatMap((item) => {
      const scope = (item['scope'] as { name?: string } | undefined)?.name ?? '';
      const service = String(resource['service.name'] ?? '');
      return ((item['spans'] ?? []) as Record<string, never>[]).map((span) =>
        fromSpan(span, { service, resource, scope }),
      );
    });
  });
}
