import { readFile } from 'node:fs/promises';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { Collectors } from './collectors.ts';

/** A server in the gateway's place that refuses every request of traces, retryably. */
export async function startRefusingGateway({ endpoint, pki }: Collectors['gateway']): Promise<{
  /** How many it has refused. */
  requests(): number;
  stop(): Promise<void>;
}> {
  const read = (name: string): Promise<Buffer> => readFile(pki[name] ?? '');
  const [ca, cert, key] = await Promise.all(
    ['GATEWAY_CA_FILE', 'GATEWAY_CERT_FILE', 'GATEWAY_KEY_FILE'].map(read),
  );
  if (ca === undefined || cert === undefined || key === undefined) throw new Error('no files');
  let requests = 0;
  const server = new Server();
  const bytes = (value: Buffer): Buffer => value;
  server.addService(
    {
      export: {
        path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        requestStream: false,
        responseStream: false,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    },
    {
      export: (_call: unknown, done: (error: object) => void): void => {
        requests++;
        done({ code: status.UNAVAILABLE, details: 'told to refuse' });
      },
    },
  );
  const credentials = ServerCredentials.createSsl(
    ca,
    [{ cert_chain: cert, private_key: key }],
    true,
  );
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(endpoint, credentials, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return {
    requests: () => requests,
    stop: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
  };
}
