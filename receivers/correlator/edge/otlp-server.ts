import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js';

import { StartupError, messageOf } from '../../shared/errors.ts';
import { traceExportMethod } from './otlp-method.ts';

export interface OtlpServerOptions {
  /** host:port; port 0 takes any that is free. */
  readonly endpoint: string;
  /** Longer requests are refused, compressed or not. */
  readonly maxRequestBytes: number;
  /** Takes one encoded ExportTraceServiceRequest; a string says why it is refused. */
  readonly receive: (request: Buffer) => string | undefined;
}

export interface OtlpServer {
  readonly port: number;
  /** Takes no more requests, lets those under way end within the signal. Safe twice. */
  readonly stop: (signal: AbortSignal) => Promise<void>;
}

const empty = Buffer.alloc(0);

/** Serves OTLP/gRPC for traces, handing requests on as the bytes they came in. Rejects with StartupError. */
export async function startOtlpServer(options: OtlpServerOptions): Promise<OtlpServer> {
  const server = new Server({ 'grpc.max_receive_message_length': options.maxRequestBytes });
  server.addService(
    { export: traceExportMethod },
    {
      export: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
        const refusal = options.receive(call.request);
        if (refusal === undefined) answer(null, empty);
        else answer({ code: status.INVALID_ARGUMENT, details: refusal });
      },
    },
  );
  const port = await bind(server, options.endpoint);
  return { port, stop: (signal) => stop(server, signal) };
}

function bind(server: Server, endpoint: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(endpoint, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else
        reject(
          new StartupError(
            `listening on ${endpoint}: ${messageOf(error)}; end the program that has it, or give another in the configuration`,
            { cause: error },
          ),
        );
    });
  });
}

function stop(server: Server, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const force = (): void => server.forceShutdown();
    signal.addEventListener('abort', force, { once: true });
    server.tryShutdown(() => {
      signal.removeEventListener('abort', force);
      resolve();
    });
    if (signal.aborted) force();
  });
}
