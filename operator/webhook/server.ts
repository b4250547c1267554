import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenFailure } from '../../receivers/shared/listen-failure.ts';

import { createBodyReader, type Body } from './body.ts';
import type { ReviewCounts } from './counts.ts';
import { allow, review, uidIn, type Injector, type Reviewed } from './review.ts';

/** The API server waits 2 s in all; what has not come by then is answered without. */
const bodyWithinMs = 1000;
/** Pods have some kilobytes. A MiB that is made for it takes half a second to parse, in which nobody else is answered. */
const maxBodyBytes = 1024 * 1024;
const maxHeldBytes = 16 * 1024 * 1024;
const maxConnections = 512;
/** Of a connection that nothing is asked on. */
const keepAliveMs = 60_000;

export const webhookPath = '/mutate-v1-pod';

/** PEM. The chain, where there is one, follows the certificate. */
export interface ServingPair {
  readonly cert: string;
  readonly key: string;
}

export interface WebhookServer {
  readonly port: number;
  /** For connections from now on; those that are open stay as they are. */
  readonly serve: (pair: ServingPair) => void;
  /** What is under way has a moment to end. Safe twice. */
  readonly close: () => Promise<void>;
}

export interface WebhookServerOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Default: all addresses of both families. */
  readonly host?: string | undefined;
  readonly pair: ServingPair;
  readonly injector: Injector;
  readonly counts: ReviewCounts;
}

/** Serves the API server's questions about new pods. Whatever is sent, it is answered, and lets the pod through. Rejects with StartupError. */
export function startWebhookServer(options: WebhookServerOptions): Promise<WebhookServer> {
  const { port, host, pair, injector, counts } = options;
  const bodies = createBodyReader({ maxBytes: maxBodyBytes, maxHeldBytes, withinMs: bodyWithinMs });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = performance.now();
    const body = await bodies.read(request);
    if (body.kind === 'gone') return;
    const { outcome, answer: text } = reviewed(body, injector);
    const headers = { 'content-type': 'application/json' };
    // What was not read to its end is in the way of the next request.
    const unread = request.complete ? {} : { connection: 'close' };
    response.writeHead(200, { ...headers, ...unread }).end(text);
    counts.add(outcome, (performance.now() - startedMs) / 1000);
  }

  const server = createServer(
    {
      ...pair,
      minVersion: 'TLSv1.2',
      handshakeTimeout: bodyWithinMs,
      headersTimeout: bodyWithinMs,
      requestTimeout: 2 * bodyWithinMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: bodyWithinMs,
    },
    (request, response) => {
      // Whoever asked may leave at any time.
      response.on('error', () => response.destroy());
      if ((request.url ?? '').split('?', 1)[0] !== webhookPath)
        return void response.writeHead(404).end();
      answer(request, response).catch(() => response.destroy());
    },
  );
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(`port ${port}`, error)));
    server.listen(port, host, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        serve: (next) => server.setSecureContext({ ...next, minVersion: 'TLSv1.2' }),
        close: () => closed(server),
      }),
    );
  });
}

function reviewed(body: Exclude<Body, { kind: 'gone' }>, injector: Injector): Reviewed {
  return body.kind === 'read' ? review(body.text, injector) : allow(body.kind, uidIn(body.head));
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    const hurry = setTimeout(() => server.closeAllConnections(), bodyWithinMs);
    server.close(() => {
      clearTimeout(hurry);
      resolve();
    });
    server.closeIdleConnections();
  });
}
