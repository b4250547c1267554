import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

/** Takes log records over OTLP and notes when each probe's came. */
export interface Sink {
  /** host:port */
  readonly address: string;
  /** By the number of the probe; nanoseconds of the monotonic clock, which all processes share. */
  readonly cameNs: ReadonlyMap<number, bigint>;
  readonly stop: () => void;
}

const bytes = (value: Buffer): Buffer => value;
const service = {
  export: {
    path: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  },
};

export async function startSink(): Promise<Sink> {
  const cameNs = new Map<number, bigint>();
  const server = new Server();
  server.addService(service, {
    export: ({ request }: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
      const nowNs = process.hrtime.bigint();
      for (const [, probe] of request.toString('latin1').matchAll(/latency probe \d-(\d+)\./g))
        if (!cameNs.has(Number(probe))) cameNs.set(Number(probe), nowNs);
      done(null, Buffer.alloc(0));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, cameNs, stop: () => server.forceShutdown() };
}
