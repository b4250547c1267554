import { startOtlpServer } from '../../receivers/correlator/edge/otlp-server.ts';
import { readRequest } from '../../receivers/correlator/wire/request.ts';
import { emptySpan, type SpanFields } from '../../receivers/correlator/wire/span.ts';

/** Takes what a program under load sends. */
export interface Sink {
  readonly endpoint: string;
  /** Requests so far. */
  readonly requests: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts a sink on loopback; without `onSpan` it reads nothing of what it gets. */
export async function startSink(onSpan?: (span: SpanFields) => void): Promise<Sink> {
  const scratch = emptySpan();
  let requests = 0;
  const server = await startOtlpServer({
    endpoint: '127.0.0.1:0',
    maxRequestBytes: 64 * 1024 * 1024,
    receive: (request) => {
      requests++;
      if (onSpan === undefined) return undefined;
      const reader = {
        wanted: () => true,
        span: onSpan,
        unwanted: () => undefined,
        malformed: () => undefined,
      };
      return readRequest(request, scratch, reader, Number.MAX_SAFE_INTEGER);
    },
  });
  return {
    endpoint: `127.0.0.1:${server.port}`,
    requests: () => requests,
    stop: () => server.stop(AbortSignal.timeout(2000)),
  };
}
