import {
  Server,
  ServerCredentials,
  type status,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';

/** A gRPC server that takes OTLP requests as bytes, and answers as it is told to. */
export interface FakeCollector {
  readonly endpoint: string;
  /** Requests taken, by service; each is one batch. */
  readonly taken: { traces: Buffer[]; metrics: Buffer[]; logs: Buffer[] };
  /** Requests answered with a failure. */
  readonly refused: Buffer[];
  /** Status codes to answer the next requests with; when used up, success. */
  readonly failures: status[];
  readonly stop: () => void;
}

const bytes = (value: Buffer): Buffer => value;

function service(path: string): object {
  return {
    export: {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    },
  };
}

/** PEM. */
interface ServerTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** With `tls` it speaks TLS only, and asks every client for a certificate of `ca`. */
export async function startFakeCollector(tls?: ServerTls): Promise<FakeCollector> {
  const server = new Server();
  const taken: FakeCollector['taken'] = { traces: [], metrics: [], logs: [] };
  const failures: status[] = [];
  const refused: Buffer[] = [];
  const handler =
    (into: Buffer[]) =>
    (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
      const code = failures.shift();
      if (code !== undefined) {
        refused.push(call.request);
        return done({ code, details: `told to fail with ${code}` });
      }
      into.push(call.request);
      done(null, Buffer.alloc(0));
    };
  const root = '/opentelemetry.proto.collector';
  server.addService(service(`${root}.trace.v1.TraceService/Export`) as never, {
    export: handler(taken.traces),
  });
  server.addService(service(`${root}.metrics.v1.MetricsService/Export`) as never, {
    export: handler(taken.metrics),
  });
  server.addService(service(`${root}.logs.v1.LogsService/Export`) as never, {
    export: handler(taken.logs),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentialsOf(tls), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    taken,
    refused,
    failures,
    stop: () => server.forceShutdown(),
  };
}

function credentialsOf(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const pair = { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) };
  return ServerCredentials.createSsl(Buffer.from(tls.ca), [pair], true);
}
