import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { listenFailure } from './listen-failure.ts';

export interface WebServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const timeoutMs = 10_000;
/** Longer than whoever asks again and again waits in between, so that connections are kept. */
const keepAliveTimeout = 20_000;

/** Serves paths over plain HTTP on all addresses of both families. Rejects with StartupError. */
export function startWebServer(
  port: number,
  routes: Readonly<Record<string, Route>>,
): Promise<WebServer> {
  const server = createServer(
    { requestTimeout: timeoutMs, keepAliveTimeout },
    (request, response) => {
      const route = routes[(request.url ?? '').split('?', 1)[0] ?? ''];
      if (route === undefined) return void response.writeHead(404).end();
      // Whoever asked may leave before the end.
      Promise.resolve(route(request, response)).catch(() => response.destroy());
    },
  );
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(`port ${port}`, error)));
    server.listen(port, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      }),
    );
  });
}

/** Answers with 200 and `ok`, or with 503 and what is wrong. */
export function healthRoute(problem: () => string | undefined): Route {
  return (_, response) => {
    const found = problem();
    response.writeHead(found === undefined ? 200 : 503, { 'content-type': 'text/plain' });
    response.end(`${found ?? 'ok'}\n`);
  };
}

/** So long is text made before the event loop gets its turn again. */
const sliceMs = 1;
/** What is made is sent when it is so much. */
const sliceCharacters = 256 * 1024;

/**
 * Sends text as it is made, a slice at a time: probes go on in between, and no more is made than is taken. Rejects when whoever
 * asked leaves before the end.
 */
export async function streamText(
  response: ServerResponse,
  contentType: string,
  text: Iterable<string>,
): Promise<void> {
  response.writeHead(200, { 'content-type': contentType });
  await pipeline(Readable.from(slicesOf(text), { highWaterMark: 1 }), response);
}

async function* slicesOf(text: Iterable<string>): AsyncGenerator<string> {
  let slice = '';
  let untilMs = performance.now() + sliceMs;
  for (const piece of text) {
    slice += piece;
    if (slice.length < sliceCharacters && performance.now() < untilMs) continue;
    if (slice !== '') yield slice;
    slice = '';
    await nextTurn();
    untilMs = performance.now() + sliceMs;
  }
  if (slice !== '') yield slice;
}
