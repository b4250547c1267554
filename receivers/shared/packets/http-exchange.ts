import { Socket } from 'node:net';

import type { PacketTarget } from './attempt.ts';
import { readHttpAnswer } from './http-answer.ts';

export interface HttpRequest extends PacketTarget {
  readonly path: string;
  /** A connection that an earlier exchange left open. */
  readonly connection?: Socket | undefined;
  /** Leave the connection open, where the server does. */
  readonly keep: boolean;
}

export type HttpOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Null: the connection was there already. */
      readonly connectNs: number | null;
      /** From the request to the first byte of its answer. */
      readonly firstByteNs: number;
      readonly connection: Socket | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly errno: string | undefined;
      /** The connection had been used before: the server may have closed it meanwhile, which says nothing of the way. */
      readonly stale: boolean;
    };

/** One GET by HTTP/1.1, timed by the event loop, given up when the signal ends. Never rejects. */
export function exchangeHttp(request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome> {
  const { address, port, path, keep } = request;
  const reused = request.connection !== undefined;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'failed', errno: 'ETIMEDOUT', stale: false });
    const socket = request.connection ?? new Socket();
    const read = readHttpAnswer();
    const startedMs = performance.now();
    let connectNs: number | null = null;
    let askedMs = startedMs;
    let firstByteNs: number | undefined;

    function finish(outcome: HttpOutcome): void {
      signal.removeEventListener('abort', giveUp);
      socket.removeAllListeners();
      // Kept or not, what happens to it now is nobody's concern here.
      socket.on('error', () => socket.destroy());
      if (outcome.kind === 'failed' || outcome.connection === undefined) socket.destroy();
      resolve(outcome);
    }
    const fail = (errno: string | undefined): void =>
      finish({ kind: 'failed', errno, stale: reused && firstByteNs === undefined });
    const giveUp = (): void => finish({ kind: 'failed', errno: 'ETIMEDOUT', stale: false });

    function ask(): void {
      askedMs = performance.now();
      const host = address.includes(':') ? `[${address}]` : address;
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUser-Agent: kube-latency\r\n` +
          `Connection: ${keep ? 'keep-alive' : 'close'}\r\n\r\n`,
      );
    }

    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('data', (chunk) => {
      firstByteNs ??= (performance.now() - askedMs) * 1e6;
      const answer = read(chunk);
      if (answer === 'malformed') return fail('EPROTO');
      if (!answer.done) return;
      const connection = keep && answer.reusable ? socket : undefined;
      finish({ kind: 'answered', status: answer.status, connectNs, firstByteNs, connection });
    });
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code));
    socket.once('close', () => fail('ECONNRESET'));
    if (reused) return ask();
    socket.setNoDelay(true);
    socket.once('connect', () => {
      connectNs = (performance.now() - startedMs) * 1e6;
      ask();
    });
    socket.connect({ host: address, port });
  });
}
