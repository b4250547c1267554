import { request as httpsRequest } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

import { readBounded } from '../read-bounded.ts';
import type { WallClock } from '../wall-clock.ts';
import type { Transport } from './transport.ts';

/** One HTTP request as it goes out. */
export interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export type Exchange =
  | {
      readonly kind: 'response';
      readonly response: IncomingMessage;
      /** When the request left on an established connection. */
      readonly sentNs: bigint;
      /** When the head of the response arrived. */
      readonly answeredNs: bigint;
    }
  | {
      readonly kind: 'failed';
      readonly error: Error;
      /** Null: it never left, so the server cannot have acted on it. */
      readonly sentNs: bigint | null;
      /** The server had closed an idle connection that we tried to use again. */
      readonly stale: boolean;
    };

/** Calls back when the request leaves: once the connection it got is established. */
function whenSent(request: ClientRequest, sent: () => void): void {
  request.on('socket', (socket) => {
    const tls = socket as TLSSocket & { secureConnecting?: boolean };
    if (tls.secureConnecting === true || socket.connecting) tls.once('secureConnect', sent);
    else sent();
  });
}

/** Sends one request and waits for the head of its response; the signal destroys it. Never rejects. */
export function exchange(
  outgoing: Outgoing,
  transport: Transport,
  edge: {
    readonly clock: WallClock;
    readonly signal: AbortSignal;
    /** Called when the request has left, or failed. */
    readonly sent: () => void;
  },
): Promise<Exchange> {
  return new Promise((resolve) => {
    let sentNs: bigint | null = null;
    const request = httpsRequest(outgoing.url, {
      method: outgoing.method,
      agent: transport.agent,
      headers: { ...outgoing.headers, ...transport.headers },
      signal: edge.signal,
    });
    whenSent(request, () => {
      sentNs ??= edge.clock.nowNs();
      edge.sent();
    });
    request.on('response', (response) => {
      const answeredNs = edge.clock.nowNs();
      resolve({ kind: 'response', response, sentNs: sentNs ?? answeredNs, answeredNs });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      edge.sent();
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      resolve({ kind: 'failed', error, sentNs, stale });
    });
    request.end(outgoing.body);
  });
}

/** Reads a response to its end as text. Rejects when the connection breaks or maxBytes is passed. */
export async function readText(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = await readBounded(response as AsyncIterable<Buffer>, maxBytes);
  if (body === undefined)
    throw new RangeError(`expected an answer of at most ${maxBytes} bytes, got a longer one`);
  return body;
}
