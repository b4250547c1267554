const asIs = (bytes: Buffer): Buffer => bytes;

/** TraceService/Export with messages left as bytes on both sides. */
export const traceExportMethod = {
  path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
} as const;
