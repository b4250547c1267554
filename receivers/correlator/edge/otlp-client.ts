import { Client, credentials, Metadata, status } from '@grpc/grpc-js';

import { traceExportMethod } from './otlp-method.ts';

/** What became of one attempt to deliver a request. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly response: Buffer }
  | { readonly kind: 'retry' | 'refused'; readonly problem: string };

export interface OtlpClient {
  /** Tries once, within timeoutMs; the signal ends it as a failure that may be retried. Never rejects. */
  readonly export: (request: Buffer, timeoutMs: number, signal: AbortSignal) => Promise<Delivery>;
  readonly close: () => void;
}

/**
 * Status codes after which the OTLP specification lets a client try again, without those after which the server may
 * have taken the request: a copy lost costs less than one sent twice, which some backends refuse with all that is beside it.
 */
const retryable: ReadonlySet<number> = new Set([
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** An OTLP/gRPC client for traces without TLS, for loopback. Connects with the first request. */
export function createOtlpClient(endpoint: string): OtlpClient {
  const client = new Client(endpoint, credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
  });
  const { path, requestSerialize, responseDeserialize } = traceExportMethod;
  return {
    export: (request, timeoutMs, signal) =>
      new Promise((resolve) => {
        const call = client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          new Metadata(),
          { deadline: Date.now() + timeoutMs },
          (error, response) => {
            signal.removeEventListener('abort', cancel);
            if (error === null)
              resolve({ kind: 'delivered', response: response ?? Buffer.alloc(0) });
            else
              resolve({
                kind: retryable.has(error.code) ? 'retry' : 'refused',
                problem: error.details || error.message,
              });
          },
        );
        const cancel = (): void => call.cancel();
        signal.addEventListener('abort', cancel, { once: true });
        if (signal.aborted) cancel();
      }),
    close: () => client.close(),
  };
}
