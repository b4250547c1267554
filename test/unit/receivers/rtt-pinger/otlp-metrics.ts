import protobuf from 'protobufjs';

/** The metrics part of OTLP, as published, for a codec that shares nothing with the one under test. */
const schema = `
syntax = "proto3";
package otlp;
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric {
  string name = 1; string unit = 3;
  oneof data { Points gauge = 5; Points sum = 7; ExponentialPoints exponential_histogram = 10; }
}
message Points { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message ExponentialPoints { repeated ExponentialDataPoint data_points = 1; int32 aggregation_temporality = 2; }
message NumberDataPoint { double as_double = 4; repeated KeyValue attributes = 7; }
message ExponentialDataPoint {
  repeated KeyValue attributes = 1; fixed64 count = 4; double sum = 5; sint32 scale = 6; fixed64 zero_count = 7;
  Buckets positive = 8; repeated Exemplar exemplars = 11; double min = 12; double max = 13;
}
message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
message Exemplar { fixed64 time_unix_nano = 2; double as_double = 3; bytes span_id = 4; bytes trace_id = 5; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { string string_value = 1; }
`;

const { root } = protobuf.parse(schema);
const requestType = root.lookupType('otlp.ExportMetricsServiceRequest');

export interface DecodedPoint {
  readonly attributes: Readonly<Record<string, string>>;
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly scale?: number;
  readonly positive?: { readonly offset: number; readonly bucketCounts: readonly number[] };
  readonly exemplars?: readonly unknown[];
}

export interface DecodedMetric {
  readonly name: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'exponentialHistogram';
  readonly points: readonly DecodedPoint[];
}

interface RawPoint extends Omit<DecodedPoint, 'attributes'> {
  readonly attributes: readonly {
    readonly key: string;
    readonly value?: { stringValue?: string };
  }[];
}

interface RawMetric {
  readonly name: string;
  readonly unit: string;
  readonly data: DecodedMetric['kind'];
  readonly gauge?: { readonly dataPoints: readonly RawPoint[] };
  readonly sum?: { readonly dataPoints: readonly RawPoint[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly RawPoint[] };
}

/** All metrics of a request of the OTLP metrics service. */
export function decodeMetrics(bytes: Uint8Array): readonly DecodedMetric[] {
  const request = requestType.toObject(requestType.decode(bytes), {
    longs: Number,
    arrays: true,
    oneofs: true,
  }) as {
    readonly resourceMetrics: readonly {
      readonly scopeMetrics: readonly { readonly metrics: readonly RawMetric[] }[];
    }[];
  };
  return request.resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .map(({ name, unit, data, ...metric }) => ({
      name,
      unit,
      kind: data,
      points: (metric[data]?.dataPoints ?? []).map(({ attributes, ...point }) => ({
        ...point,
        attributes: Object.fromEntries(
          attributes.map(({ key, value }) => [key, value?.stringValue ?? '']),
        ),
      })),
    }));
}
