import protobuf from 'protobufjs';

/** The logs part of OTLP, as published, for a codec that shares nothing with the one under test. */
const schema = `
syntax = "proto3";
package otlp;
message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
message ResourceLogs { repeated ScopeLogs scope_logs = 2; }
message ScopeLogs { repeated LogRecord log_records = 2; }
message LogRecord {
  fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
  repeated KeyValue attributes = 6; string event_name = 12;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`;

const { root } = protobuf.parse(schema);
const requestType = root.lookupType('otlp.ExportLogsServiceRequest');

export interface DecodedRecord {
  readonly name: string;
  readonly body: string;
  readonly severity: string;
  readonly atUnixNs: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Any {
  readonly stringValue?: string;
}

/** All records of a request of the OTLP logs service. */
export function decodeRecords(bytes: Uint8Array): readonly DecodedRecord[] {
  const request = requestType.toObject(requestType.decode(bytes), {
    longs: String,
    arrays: true,
  }) as {
    readonly resourceLogs: readonly {
      readonly scopeLogs: readonly {
        readonly logRecords: readonly {
          readonly timeUnixNano?: string;
          readonly severityText?: string;
          readonly body?: Any;
          readonly eventName?: string;
          readonly attributes: readonly { readonly key: string; readonly value?: Any }[];
        }[];
      }[];
    }[];
  };
  return request.resourceLogs
    .flatMap(({ scopeLogs }) => scopeLogs)
    .flatMap(({ logRecords }) => logRecords)
    .map(({ timeUnixNano, severityText, body, eventName, attributes }) => ({
      name: eventName ?? '',
      body: body?.stringValue ?? '',
      severity: severityText ?? '',
      atUnixNs: BigInt(timeUnixNano ?? 0),
      attributes: Object.fromEntries(
        attributes.map(({ key, value }) => [key, Object.values(value ?? {})[0]]),
      ),
    }));
}
